//! Records by REST: pages, bounds, cursors that are lost, queries that take too long or are too long.

use super::*;

const FIELDS: &str = "Id,Name,SystemModstamp,IsDeleted,BillingCity,NumberOfEmployees,Note__c";

fn rest(more: &Value) -> Value {
    let mut settings = json!({"api_type": "REST"});
    for (name, value) in more.as_object().into_iter().flatten() {
        settings[name] = value.clone();
    }
    settings
}

#[test]
fn records_come_in_order_page_by_page_and_only_selected_fields_are_asked_for() {
    let org = salesforce("--accounts 450 --page 200");
    let subject = Subject::new(config(&org, &rest(&json!({}))));
    let patterns = ["Account.Name", "Account.BillingAddress.city"];
    let run = singer_test::select::<TapSalesforce>(&patterns, &subject, None);
    assert_eq!(run.outcome(), Outcome::Ok, "{}", run.log());
    let asked = requests(&org);
    let query = asked.iter().find(|request| request.contains("queryAll")).expect("a query");
    let parts = "BillingStreet%2CBillingCity%2CBillingState";
    assert!(query.contains("SELECT+Id%2CSystemModstamp%2CIsDeleted%2CName%2C"), "{query}");
    assert!(query.contains(parts) && !query.contains("ShippingCity"), "{query}");
    assert!(query.contains("ORDER+BY+SystemModstamp%2CId"), "{query}");
    assert_eq!(count(&asked, "/query/"), 2, "{asked:?}");
    let records = run.records("Account");
    assert_eq!(records.len(), 450);
    let order: Vec<_> = records
        .iter()
        .map(|one| (one["SystemModstamp"].to_string(), one["Id"].to_string()))
        .collect();
    assert!(order.is_sorted());
    let address = &records[0]["BillingAddress"];
    assert!(address.is_null() || address.as_object().is_some_and(|it| it.len() == 1), "{address}");
}

#[test]
fn a_second_run_asks_from_the_lookback_on_and_an_unchanged_org_gives_what_it_shows_late() {
    let org = salesforce("--accounts 300");
    let first = read_well(&org, "Account", &rest(&json!({"start_date": "2020-01-01"})), None);
    let state = first.state().expect("a state");
    let bookmark = &state["bookmarks"]["Account"]["replication_key_value"];
    assert_eq!(bookmark, "2026-11-24T14:55:00Z", "five minutes before the server's time");
    pass(&org, 60);
    change(&org, "touch?object=Account&count=7");
    change(&org, "create?object=Account&count=3");
    pass(&org, 10);
    requests(&org);
    let second =
        read_well(&org, "Account", &rest(&json!({"start_date": "2020-01-01"})), Some(&state));
    let asked = requests(&org);
    assert!(
        asked.iter().any(|request| {
            request.contains("SystemModstamp+%3E%3D+2026-11-24T14%3A45%3A00.000Z")
                && request.contains("SystemModstamp+%3C+2026-11-24T16%3A05%3A00.000Z")
        }),
        "{asked:?}"
    );
    assert!(second.records("Account").len() >= 10 && second.records("Account").len() < 60);
    check_table(&org, &[&first, &second], "Account", FIELDS);
}

#[test]
fn a_cursor_that_is_lost_is_taken_up_where_it_was() {
    for ties in [1, 400] {
        let org =
            salesforce(&format!("--accounts 2000 --page 200 --ties {ties} --cursor-requests 3"));
        let run = read_well(&org, "Account", &rest(&json!({})), None);
        assert!(run.log().contains("[PAGE08]"), "{}", run.log());
        check_table(&org, &[&run], "Account", FIELDS);
        let (records, rows) = (run.records("Account").len(), 2_000);
        assert_eq!(records, rows, "nothing comes twice");
        // An object without a replication key is in the order of its identifiers.
        let org = salesforce("--plains 900 --page 200 --cursor-requests 2");
        let run = read_well(&org, "Plain__c", &rest(&json!({})), None);
        assert!(run.log().contains("[PAGE08]") && run.records("Plain__c").len() == 900);
    }
}

#[test]
fn a_cursor_that_is_lost_again_and_again_ends_the_stream() {
    let org = salesforce("--accounts 900 --page 200 --cursor-requests 3");
    let script = json!([{"match": {"path": "/services/data/*/query/*"}, "fault": {
        "kind": "reverse", "pointer": "/records"}}]);
    faults(&org, &script);
    let run = read(&org, "Account", &rest(&json!({})), None);
    assert_eq!(run.outcome(), Outcome::Unavailable, "{}", run.log());
    assert!(run.log().contains("lost again and again"), "{}", run.log());
    assert!(requests(&org).len() < 30);
}

#[test]
fn a_query_that_takes_too_long_is_read_in_halves() {
    let org = salesforce("--accounts 3000 --ties 20 --query-timeout 500");
    let run = read_well(&org, "Account", &rest(&json!({"start_date": "2020-01-01"})), None);
    check_table(&org, &[&run], "Account", FIELDS);
    let asked = requests(&org);
    assert!(count(&asked, "queryAll") > 6, "{}", asked.len());
}

#[test]
fn what_changes_while_it_is_read_is_not_lost() {
    let org = salesforce("--accounts 1200 --page 200");
    let script = json!([{"match": {"path": "/services/data/*/query/*"}, "nth": 2, "fault": {
        "kind": "change", "action": "touch", "query": "object=Account&count=300"}}]);
    faults(&org, &script);
    let first = read_well(&org, "Account", &rest(&json!({})), None);
    pass(&org, 30);
    let second = read_well(&org, "Account", &rest(&json!({})), first.state().as_ref());
    check_table(&org, &[&first, &second], "Account", FIELDS);
}

#[test]
fn fields_that_are_too_many_for_one_request_are_put_together() {
    let org = salesforce("--gizmos 600 --wide 400");
    let run = read_well(&org, "Gizmo__c", &rest(&json!({})), None);
    let asked = requests(&org);
    assert!(asked.iter().all(|request| request.len() < 16_500), "no address is too long");
    assert!(count(&asked, "WHERE+Id+IN") > 2, "{}", asked.len());
    let wide = run.records("Gizmo__c")[0].as_object().expect("a record").len();
    assert!(wide > 400, "{wide} fields");
    check_table(&org, &[&run], "Gizmo__c", "Id,Name,Weight__c,SystemModstamp,Text__c");
    let bulk = read_well(&org, "Gizmo__c", &json!({}), None);
    assert!(
        bulk.log().contains("[BULK01] `Gizmo__c` is read by Bulk API 2.0 (its fields are too many")
    );
    let texts = |run: &Messages| {
        let rows = table(&[run], "Gizmo__c");
        rows.into_iter().map(|(id, row)| (id, row["Name"].clone())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(texts(&run), texts(&bulk), "both ways give the same");
}

#[test]
fn a_page_that_leads_to_another_host_is_not_followed() {
    let org = salesforce("--accounts 450 --page 200");
    let script = json!([{"match": {"path": "/services/data/*/queryAll"}, "fault": {
        "kind": "mangle", "pointer": "/nextRecordsUrl",
        "value": "https://evil.example/services/data/v62.0/query/01g-200"}}]);
    faults(&org, &script);
    let run = read(&org, "Account", &rest(&json!({})), None);
    assert_eq!(run.outcome(), Outcome::Refused, "{}", run.log());
    assert!(run.log().contains("[SEC01]"), "{}", run.log());
}

#[test]
fn an_object_that_turns_out_to_be_unreadable_fails_alone() {
    let org = salesforce("--accounts 5");
    let script = json!([{"match": {"path": "/services/data/*/queryAll", "query": {}}, "fault": {
        "kind": "status", "status": 400, "body": "[{\"errorCode\":\"MALFORMED_QUERY\",\"message\":\"a filter is required\"}]"},
        "times": 1}]);
    faults(&org, &script);
    let subject = Subject::new(config(&org, &rest(&json!({}))));
    let run = singer_test::select::<TapSalesforce>(&["Account", "Contact"], &subject, None);
    assert_eq!(run.outcome(), Outcome::Partial, "{}", run.log());
    assert!(
        run.log().contains("[PERM04]") && run.log().contains("a filter is required"),
        "{}",
        run.log()
    );
    assert!(!run.records("Contact").is_empty());
}
