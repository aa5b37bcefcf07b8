//! Records by Bulk API 2.0: the life of a job, pages of its result, and what is lost of it.

use super::*;

const FIELDS: &str = "Id,Name,SystemModstamp,IsDeleted,BillingCity,NumberOfEmployees,Note__c,AnnualRevenue,LastActivityDate";

fn bulk2() -> Value {
    json!({"api_type": "BULK2"})
}

#[test]
fn a_job_is_made_waited_for_and_read_page_by_page_in_any_order() {
    let org = salesforce(
        "--accounts 1100 --bulk-page 300 --bulk-columns shuffled --bulk-bom --bulk-crlf",
    );
    let run = read_well(&org, "Account", &bulk2(), None);
    check_table(&org, &[&run], "Account", FIELDS);
    assert_eq!(run.records("Account").len(), 1_100, "nothing comes twice");
    let asked = requests(&org);
    assert_eq!(count(&asked, "POST /services/data/v62.0/jobs/query"), 1, "{asked:?}");
    assert_eq!(count(&asked, "/results?"), 4, "{asked:?}");
    let state = run.state().expect("a state");
    let bookmark = &state["bookmarks"]["Account"]["replication_key_value"];
    assert_eq!(
        bookmark, "2026-11-24T14:55:00Z",
        "not the last row's, but up to where all was read"
    );
}

#[test]
fn both_apis_give_the_same_records() {
    for object in ["Account", "Contact", "Gizmo__c", "User", "LoginHistory", "Plain__c"] {
        let org = salesforce("--accounts 120 --contacts 60 --users 20");
        let rest = read_well(&org, object, &json!({"api_type": "REST"}), None);
        let bulk = read_well(&org, object, &bulk2(), None);
        let (rest, bulk) = (table(&[&rest], object), table(&[&bulk], object));
        assert!(!rest.is_empty(), "{object}");
        for (id, record) in &rest {
            assert_eq!(record, &bulk[id], "{object}");
        }
    }
}

#[test]
fn many_records_are_read_by_a_job_and_few_by_rest() {
    let org = salesforce("--accounts 10500 --ties 50");
    let run = read_well(&org, "Account", &json!({}), None);
    assert!(
        run.log().contains("[BULK01] `Account` is read by Bulk API 2.0 (10500 records match"),
        "{}",
        run.log()
    );
    check_table(&org, &[&run], "Account", FIELDS);
    pass(&org, 60);
    change(&org, "touch?object=Account&count=30");
    pass(&org, 60);
    requests(&org);
    let second = read_well(&org, "Account", &json!({}), run.state().as_ref());
    let asked = requests(&org);
    assert_eq!((count(&asked, "jobs/query"), count(&asked, "queryAll")), (0, 1), "{asked:?}");
    check_table(&org, &[&run, &second], "Account", FIELDS);
}

/// The bookmark in each STATE of a run, with the records before it.
fn bookmarks(run: &Messages, object: &str) -> Vec<Value> {
    let lines = run.stdout().lines().filter(|line| line.contains(r#""type":"STATE""#));
    let states = lines.map(|line| serde_json::from_str::<Value>(line).expect("a message"));
    states
        .map(|state| state["value"]["bookmarks"][object]["replication_key_value"].clone())
        .collect()
}

#[test]
fn a_job_moves_the_bookmark_at_its_end_only_even_where_its_rows_seem_to_be_in_order() {
    for order in ["sorted", "mixed", "descending"] {
        let org = salesforce(&format!(
            "--accounts 10500 --ties 50 --bulk-page 2000 --bulk-order {order}"
        ));
        let run = read_well(&org, "Account", &json!({}), None);
        let (states, end) = (bookmarks(&run, "Account"), json!("2026-11-24T14:55:00Z"));
        assert_eq!(states.last(), Some(&end), "{order}");
        assert!(states.iter().all(|at| at.is_null() || *at == end), "{order}: {states:?}");
        // Of order nothing is expected that could be broken.
        assert!(!run.log().contains("[DATA01]"), "{order}");
    }
}

#[test]
fn a_query_that_rest_does_not_answer_in_time_is_read_by_a_job() {
    let org = salesforce("--accounts 900 --query-timeout 500");
    let run = read_well(&org, "Account", &json!({"start_date": "2020-01-01"}), None);
    assert!(run.log().contains("a query by REST takes too long"), "{}", run.log());
    check_table(&org, &[&run], "Account", FIELDS);
}

#[test]
fn an_object_that_bulk_refuses_is_read_by_rest() {
    let org = salesforce("--accounts 30");
    let body = r#"[{"errorCode":"INVALIDENTITY","message":"Entity 'Account' is not supported by the Bulk API."}]"#;
    faults(
        &org,
        &json!([{"match": {"path": "/services/data/*/jobs/query"}, "fault": {
        "kind": "status", "status": 400, "body": body}}]),
    );
    let run = read_well(&org, "Account", &bulk2(), None);
    assert!(run.log().contains("is read by REST (Bulk API 2.0 does not take it)"), "{}", run.log());
    check_table(&org, &[&run], "Account", FIELDS);
}

#[test]
fn a_locator_that_comes_again_does_not_lead_in_circles() {
    let org = salesforce("--accounts 900 --bulk-page 200");
    faults(
        &org,
        &json!([{"match": {"path": "/services/data/*/jobs/query/*/results"}, "fault": {
        "kind": "headers", "set": {"sforce-locator": "AAAA"}}}]),
    );
    let run = read(&org, "Account", &bulk2(), None);
    assert_ne!(run.outcome(), Outcome::Ok, "{}", run.log());
    assert!(requests(&org).len() < 40);
}

#[test]
fn a_result_that_is_not_there_any_more_is_made_anew() {
    let org = salesforce("--accounts 900 --bulk-page 200");
    let results = "/services/data/*/jobs/query/*/results";
    faults(
        &org,
        &json!([{"match": {"path": results}, "from": 3, "times": 2, "fault": {
        "kind": "status", "status": 404, "body": "[{\"errorCode\":\"NOT_FOUND\",\"message\":\"x\"}]"}}]),
    );
    let run = read_well(&org, "Account", &bulk2(), None);
    assert!(run.log().contains("[BULK02]"), "{}", run.log());
    check_table(&org, &[&run], "Account", FIELDS);
}

#[test]
fn what_bulk_does_not_have_is_read_by_rest_with_the_reason() {
    let org = salesforce("");
    let run = read_well(&org, "Attachment", &bulk2(), None);
    assert!(run.log().contains("binary field `Body`"), "{}", run.log());
    let run = read_well(&org, "TaskStatus", &bulk2(), None);
    assert!(run.log().contains("Bulk API 2.0 does not have it"), "{}", run.log());
    assert!(!run.records("TaskStatus").is_empty());
}

#[test]
fn pages_of_a_large_result_are_read_side_by_side() {
    let org = salesforce("--accounts 210000 --ties 500 --bulk-page 25000");
    pass(&org, 30);
    let subject = Subject::new(config(&org, &bulk2()));
    let run = singer_test::select::<TapSalesforce>(&["Account.Name"], &subject, None);
    assert_eq!(run.outcome(), Outcome::Ok, "{}", run.log());
    let asked = requests(&org);
    assert_eq!(count(&asked, "/resultPages"), 2, "{asked:?}");
    assert_eq!(count(&asked, "/results?"), 9, "{asked:?}");
    assert_eq!(table(&[&run], "Account").len(), truth(&org, "Account", "Id").len());
}

#[test]
fn a_session_may_end_at_any_request_of_a_job() {
    for answer in ["", "--session-400"] {
        for after in 1..=8 {
            let org = salesforce(&format!("--accounts 700 --bulk-page 200 {answer}"));
            change(&org, &format!("expire?after={after}"));
            let run = read_well(&org, "Account", &bulk2(), None);
            check_table(&org, &[&run], "Account", FIELDS);
            assert_eq!(count(&requests(&org), "oauth2/token"), 2, "after {after}");
        }
    }
}

#[test]
fn a_lost_locator_begins_the_job_anew() {
    let org = salesforce("--accounts 900 --bulk-page 200");
    let script = json!([{"match": {"path": "/services/data/*/jobs/query/*/results"}, "nth": 3, "fault": {
        "kind": "change", "action": "lose_locators", "query": ""}}]);
    faults(&org, &script);
    let run = read_well(&org, "Account", &bulk2(), None);
    assert!(
        run.log().contains("[BULK02] the result of the Bulk job of `Account` is lost"),
        "{}",
        run.log()
    );
    assert_eq!(count(&requests(&org), "POST /services/data/v62.0/jobs/query"), 2);
    check_table(&org, &[&run], "Account", FIELDS);
}

#[test]
fn a_page_that_is_cut_or_torn_is_asked_for_again() {
    let results = "/services/data/*/jobs/query/*/results";
    for fault in [
        json!({"kind": "cut", "at": 3_000}),
        json!({"kind": "reset", "after": 2_000}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "headers", "set": {"sforce-numberofrecords": "7"}}),
        json!({"kind": "html"}),
    ] {
        let org = salesforce("--accounts 900 --bulk-page 300");
        faults(&org, &json!([{"match": {"path": results}, "nth": 2, "fault": fault}]));
        let run = read_well(&org, "Account", &bulk2(), None);
        check_table(&org, &[&run], "Account", FIELDS);
        assert!(count(&requests(&org), "/results?") >= 4, "{fault}");
    }
}

#[test]
fn a_result_with_fewer_records_than_the_job_has_is_no_result() {
    let org = salesforce("--accounts 300");
    let job = "/services/data/*/jobs/query/*";
    let script = json!([{"match": {"path": job}, "fault": {
        "kind": "mangle", "pointer": "/numberRecordsProcessed", "value": 301}}]);
    faults(&org, &script);
    let run = read(&org, "Account", &bulk2(), None);
    assert_eq!(run.outcome(), Outcome::Partial, "{}", run.log());
    assert!(
        run.log().contains("[JOB01]") && run.log().contains("300 of 301 records"),
        "{}",
        run.log()
    );
    let state = run.state().expect("a state");
    assert!(state["bookmarks"]["Account"]["replication_key_value"].is_null(), "{state}");
}

#[test]
fn a_job_that_fails_or_is_aborted_ends_its_stream_with_the_reason() {
    for (option, state) in [("--fail-job 1", "Failed"), ("--abort-job 1", "Aborted")] {
        let org = salesforce(&format!("--accounts 20 {option}"));
        let run = read(&org, "Account", &bulk2(), None);
        assert_eq!(run.outcome(), Outcome::Partial, "{}", run.log());
        let told = format!("the Bulk job of `Account` ended as {state}");
        assert!(run.log().contains("[JOB01]") && run.log().contains(&told), "{}", run.log());
        let second = read_well(&org, "Account", &bulk2(), run.state().as_ref());
        check_table(&org, &[&second], "Account", FIELDS);
    }
}

#[test]
fn a_job_that_is_never_done_is_given_up_and_ended() {
    let org = salesforce("--accounts 20 --job-polls 1000000");
    let run = read(&org, "Account", &json!({"api_type": "BULK2", "max_wait": 60}), None);
    assert_eq!(run.outcome(), Outcome::Partial, "{}", run.log());
    assert!(run.log().contains("raise `max_wait`"), "{}", run.log());
    assert_eq!(count(&requests(&org), "PATCH"), 1);
}

#[test]
fn a_job_of_an_object_without_a_replication_key_reads_it_whole_each_time() {
    let org = salesforce("--plains 80");
    let first = read_well(&org, "Plain__c", &bulk2(), None);
    let second = read_well(&org, "Plain__c", &bulk2(), first.state().as_ref());
    assert_eq!((first.records("Plain__c").len(), second.records("Plain__c").len()), (80, 80));
}
