//! Lists, and lists within their records.

use super::*;

#[track_caller]
fn check_nested(stream: &str, field: &str, children: u64) {
    let stripe = stripe("");
    change(&stripe, &format!("create?resource={stream}&count=1&children={children}"));
    pass(&stripe, 10);
    let messages = read_well(&stripe, stream, None);
    let truth = truth(&stripe, stream);
    let records = table(&[&messages], stream);
    let mut sizes = BTreeSet::new();
    for (id, expected) in &truth {
        let all: Vec<&Value> = expected[field]["data"].as_array().expect("a list").iter().collect();
        let found = records[id][field].as_array().expect("a bare list");
        let ids =
            |items: &[&Value]| items.iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found.iter().collect::<Vec<_>>()), ids(&all), "{stream} {id}");
        sizes.insert(all.len() as u64);
    }
    assert!(sizes.contains(&children), "{sizes:?}");
}

#[test]
fn lists_within_records_are_whole_whatever_their_size() {
    for children in [0, 1, 10, 11, 250] {
        check_nested("invoices", "lines", children);
    }
    check_nested("transfers", "reversals", 101);
    check_nested("subscriptions", "items", 11);
    check_nested("charges", "refunds", 12);
    check_nested("customers", "sources", 13);
    check_nested("credit_notes", "lines", 11);
    check_nested("checkout_sessions", "line_items", 11);
}

#[test]
fn items_of_lists_within_lists_are_whole_as_well() {
    let stripe = stripe("");
    let customer = truth(&stripe, "customers").into_keys().next().expect("a customer");
    change(&stripe, &format!("create?resource=subscriptions&count=1&children=12&of={customer}"));
    pass(&stripe, 10);
    let messages = read_well(&stripe, "customers", None);
    let mut most = 0;
    for (id, expected) in truth(&stripe, "customers") {
        let subscriptions = expected["subscriptions"]["data"].as_array().expect("a list");
        let found = table(&[&messages], "customers")[&id]["subscriptions"].clone();
        for (at, subscription) in subscriptions.iter().enumerate() {
            let items = subscription["items"]["data"].as_array().expect("a list");
            let found = found[at]["items"].as_array().expect("a bare list");
            assert_eq!(found.len(), items.len(), "{id} {at}");
            most = most.max(items.len());
        }
    }
    assert!(most > 10, "no list is long enough to be cut");
}

#[track_caller]
fn check_children(stream: &str, key: &str) {
    let stripe = stripe("");
    let messages = read_well(&stripe, stream, None);
    let expected = truth(&stripe, stream);
    assert!(expected.len() > 1, "{stream} has {} rows", expected.len());
    let found = table(&[&messages], stream);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{stream}");
    for (id, row) in expected {
        assert_eq!(found[&id][key], row[key], "{stream} {id}");
        assert_ne!(row[key], Value::Null, "{stream} {id}");
    }
}

#[test]
fn items_of_lists_within_records_are_streams_of_their_own() {
    check_children("invoice_line_items", "invoice");
    check_children("subscription_items", "subscription");
    check_children("transfer_reversals", "transfer");
    check_children("credit_note_line_items", "credit_note");
    check_children("checkout_session_line_items", "checkout_session");
    check_children("tax_ids", "customer");
    check_children("application_fee_refunds", "fee");
}

#[test]
fn items_cost_no_request_of_their_own() {
    let stripe = stripe("");
    read_well(&stripe, "invoices", None);
    let parents = requests(&stripe).len();
    read_well(&stripe, "invoice_line_items", None);
    assert_eq!(requests(&stripe).len(), parents);
}

#[test]
fn what_is_not_selected_is_not_asked_for() {
    let stripe = stripe("");
    let config = config(&stripe, &json!({}));
    let run = |more: &[&str]| {
        let messages = singer_test::select::<TapStripe>(more, &Subject::new(config.clone()), None);
        assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
        requests(&stripe).join("\n")
    };
    assert!(run(&["charges"]).contains("data.refunds"));
    assert!(!run(&["charges.amount"]).contains("data.refunds"));
}

#[test]
fn objects_that_share_a_second_are_all_read() {
    let stripe = stripe("");
    change(&stripe, "create?resource=coupons&count=250");
    pass(&stripe, 10);
    let messages = read_well(&stripe, "coupons", None);
    assert_eq!(ids(&messages.records("coupons")).len(), truth(&stripe, "coupons").len());
}

#[test]
fn an_object_that_shows_late_is_read_by_the_next_run() {
    let stripe = stripe("");
    change(&stripe, "create?resource=payouts&count=3&late=200");
    pass(&stripe, 1);
    let first = read_well(&stripe, "payouts", None);
    pass(&stripe, 15);
    let state = first.state();
    let second = read_well(&stripe, "payouts", state.as_ref());
    let found = table(&[&first, &second], "payouts");
    let expected = truth(&stripe, "payouts");
    assert_eq!(found.len(), expected.len());
    assert!(first.records("payouts").len() < expected.len(), "all of them were there at once");
}
