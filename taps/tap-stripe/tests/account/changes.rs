//! What changes between runs: updates, deletions, and what is no longer told of them.

use super::*;

/// Reads a stream, lets something happen, and reads on; the second run.
#[track_caller]
fn after(stripe: &Server, stream: &str, happens: impl FnOnce()) -> (Messages, Messages) {
    let first = read_well(stripe, stream, None);
    pass(stripe, 60);
    happens();
    pass(stripe, 60);
    requests(stripe);
    let state = first.state();
    let second = read_well(stripe, stream, state.as_ref());
    (first, second)
}

/// Some fields of the rows of a table.
fn shown(table: &BTreeMap<String, Value>, fields: &[&str]) -> Vec<Vec<Value>> {
    let row = |row: &Value| fields.iter().map(|field| row[*field].clone()).collect();
    table.values().map(row).collect()
}

#[track_caller]
fn check_changed(stream: &str, fields: &[&str]) {
    let stripe = stripe("");
    let change = || change(&stripe, &format!("touch?resource={stream}&count=3"));
    let (first, second) = after(&stripe, stream, change);
    let found = table(&[&first, &second], stream);
    assert_eq!(shown(&found, fields), shown(&truth(&stripe, stream), fields), "{stream}");
    let changed = second.records(stream);
    assert_eq!(changed.len(), 3, "{stream}: what did not change is not written again");
    for record in &changed {
        assert_ne!(record["updated_by_event_type"], Value::Null, "{stream}");
        assert!(record["updated"].as_str() > record["created"].as_str(), "{stream}");
    }
    let before = &first.records(stream)[0];
    assert_eq!(before["updated"], before["created"], "{stream}");
}

#[test]
fn changed_objects_are_written_as_they_are_now() {
    check_changed("charges", &["id", "description", "metadata", "amount"]);
    check_changed("customers", &["id", "description", "metadata", "email"]);
    check_changed("invoices", &["id", "description", "metadata", "status"]);
    check_changed("subscriptions", &["id", "status", "metadata"]);
    check_changed("products", &["id", "name", "metadata"]);
    check_changed("payouts", &["id", "status", "metadata"]);
}

#[test]
fn a_changed_object_is_asked_for_only_where_its_event_does_not_carry_all_of_it() {
    let stripe = stripe("");
    after(&stripe, "payouts", || change(&stripe, "touch?resource=payouts&count=3"));
    let asked = requests(&stripe);
    assert!(!asked.iter().any(|request| request.contains("/v1/payouts/")), "{asked:?}");
    // Refunds are in no event.
    after(&stripe, "charges", || change(&stripe, "touch?resource=charges&count=3"));
    let asked = requests(&stripe);
    let single = asked.iter().filter(|request| request.contains("/v1/charges/")).count();
    assert_eq!(single, 3, "{asked:?}");
}

#[test]
fn an_event_in_another_version_of_the_api_is_a_hint_only() {
    let stripe = stripe("--api-version 2025-03-31.basil");
    let change = || change(&stripe, "touch?resource=invoices&count=2");
    let (first, second) = after(&stripe, "invoices", change);
    let asked = requests(&stripe);
    let single = asked.iter().filter(|request| {
        let rest = request.split("/v1/invoices/").nth(1);
        rest.is_some_and(|rest| !rest.contains("/lines"))
    });
    assert_eq!(single.count(), 2, "{asked:?}");
    let fields = ["id", "description", "paid", "charge", "subscription"];
    let found = table(&[&first, &second], "invoices");
    assert_eq!(shown(&found, &fields), shown(&truth(&stripe, "invoices"), &fields));
}

#[test]
fn several_changes_of_one_object_are_one_record() {
    let stripe = stripe("");
    let id = truth(&stripe, "customers").into_keys().next().expect("a customer");
    let (_, second) = after(&stripe, "customers", || {
        for _ in 0..3 {
            change(&stripe, &format!("touch?resource=customers&id={id}"));
            pass(&stripe, 2);
        }
    });
    let records = second.records("customers");
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0]["metadata"], truth(&stripe, "customers")[&id]["metadata"]);
}

/// An object that may be deleted: of invoices only drafts may.
fn mortal(stripe: &Server, stream: &str) -> String {
    let mut rows = truth(stripe, stream).into_iter();
    let is_mortal = |row: &Value| match stream {
        // Its event carries no more than ten lines.
        "invoices" => row["status"] == "draft" && row["lines"]["data"][10].is_null(),
        "subscriptions" => row["status"] != "canceled",
        _ => true,
    };
    rows.find(|(_, row)| is_mortal(row)).map(|(id, _)| id).expect("a row")
}

#[track_caller]
fn check_deleted(stream: &str) {
    let stripe = stripe("");
    let id = mortal(&stripe, stream);
    let (first, second) =
        after(&stripe, stream, || change(&stripe, &format!("delete?resource={stream}&id={id}")));
    let records = second.records(stream);
    assert_eq!(records.len(), 1, "{stream}: {records:?}");
    assert_eq!(records[0]["id"], json!(id), "{stream}");
    assert_eq!(records[0]["_sdc_deleted_at"], "2026-11-20T13:00:00Z", "{stream}");
    let before = &table(&[&first], stream)[&id];
    assert_eq!(before["_sdc_deleted_at"], Value::Null, "{stream}");
    for (field, value) in before.as_object().expect("a record") {
        let is_known = field.starts_with("updated") || field.starts_with("_sdc") || value.is_null();
        let is_expanded =
            ["sources", "subscriptions", "tax_ids", "tiers"].contains(&field.as_str());
        assert!(is_known || is_expanded || records[0][field] == *value, "{stream}.{field}");
    }
}

#[test]
fn a_deletion_is_the_last_object_with_the_time_at_which_it_went() {
    ["customers", "coupons", "products", "plans", "invoices", "invoice_items"]
        .into_iter()
        .for_each(check_deleted);
}

#[test]
fn a_canceled_subscription_is_no_deleted_one() {
    let stripe = stripe("");
    change(&stripe, "create?resource=subscriptions&count=1");
    pass(&stripe, 10);
    let id = mortal(&stripe, "subscriptions");
    let cancel = || change(&stripe, &format!("delete?resource=subscriptions&id={id}"));
    let (_, second) = after(&stripe, "subscriptions", cancel);
    let records = second.records("subscriptions");
    assert_eq!(records[0]["status"], "canceled");
    assert!(records[0].get("_sdc_deleted_at").is_none());
}

#[test]
fn lines_of_a_deleted_invoice_are_marked_as_it_is() {
    let stripe = stripe("");
    change(&stripe, "create?resource=invoices&count=2&children=3");
    pass(&stripe, 30);
    let mut drafts = truth(&stripe, "invoices").into_iter().filter(|(_, row)| {
        row["status"] == "draft" && row["lines"]["data"].as_array().map(Vec::len) == Some(3)
    });
    let (invoice, _) = drafts.next_back().expect("a draft with three lines");
    let (_, second) = after(&stripe, "invoice_line_items", || {
        change(&stripe, &format!("delete?resource=invoices&id={invoice}"));
    });
    let records = second.records("invoice_line_items");
    assert_eq!(records.len(), 3);
    for record in records {
        assert_eq!(record["invoice"], json!(invoice));
        assert_eq!(record["_sdc_deleted_at"], "2026-11-20T13:30:00Z");
    }
}

#[test]
fn a_refund_changes_its_charge() {
    let stripe = stripe("");
    let (first, second) =
        after(&stripe, "charges", || change(&stripe, "create?resource=refunds&count=1"));
    let found = table(&[&first, &second], "charges");
    for (id, charge) in truth(&stripe, "charges") {
        let refunds = charge["refunds"]["data"].as_array().expect("a list").len();
        assert_eq!(found[&id]["refunds"].as_array().map(Vec::len), Some(refunds), "{id}");
    }
}

#[test]
fn what_happened_before_the_last_month_of_a_pause_is_listed_anew_and_told() {
    for (days, is_listed) in [(29, false), (31, true)] {
        let stripe = stripe("");
        let settings = json!({"emit_activate_version_messages": true});
        let first = read(&stripe, "customers", &settings, None);
        let customers: Vec<String> = truth(&stripe, "customers").into_keys().collect();
        change(&stripe, &format!("touch?resource=customers&id={}", customers[0]));
        change(&stripe, &format!("delete?resource=customers&id={}", customers[1]));
        pass(&stripe, days * 24 * 60);
        let state = first.state();
        let second = read(&stripe, "customers", &settings, state.as_ref());
        assert_eq!(second.outcome(), Outcome::Ok, "{}", second.log());
        assert_eq!(second.log().contains("[STATE08]"), is_listed, "{days}: {}", second.log());
        let is_activated = second.stdout().contains("ACTIVATE_VERSION");
        assert_eq!(is_activated, is_listed, "{days}");
        let expected = truth(&stripe, "customers");
        if is_listed {
            assert_eq!(ids(&second.records("customers")), expected.keys().cloned().collect());
        } else {
            assert_eq!(second.records("customers").len(), 2, "{days}");
        }
    }
}
