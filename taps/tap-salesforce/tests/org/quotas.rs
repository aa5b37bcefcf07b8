//! The org's requests of a day.

use super::*;

#[test]
fn the_run_goes_on_below_the_share_of_all_and_stops_at_it_with_a_safe_state() {
    for (used, outcome) in [(790, Outcome::Ok), (800, Outcome::Limited), (810, Outcome::Limited)] {
        let org =
            salesforce(&format!("--accounts 900 --page 200 --api-limit 1000 --api-used {used}"));
        let run = attempt(&org, "Account", &json!({"api_type": "REST"}));
        assert_eq!(run.outcome(), outcome, "{used}: {}", run.log());
        assert_eq!(run.log().contains("[RATE08]"), outcome == Outcome::Limited, "{}", run.log());
    }
}

#[test]
fn a_run_that_comes_to_the_share_of_all_keeps_what_it_has_read() {
    let org = salesforce("--accounts 900 --page 200 --api-limit 1000 --api-used 794");
    let first = read(&org, "Account", &json!({"api_type": "REST"}), None);
    assert_eq!(first.outcome(), Outcome::Limited, "{}", first.log());
    let told = "of the 1000 requests";
    assert!(
        first.log().contains(told) && first.log().contains("`quota_percent_total` is 80 %"),
        "{}",
        first.log()
    );
    let read = first.records("Account").len();
    assert!((200..900).contains(&read), "{read}");
    let more =
        json!({"api_type": "REST", "quota_percent_total": 100, "quota_percent_per_run": 100});
    let second = read_well(&org, "Account", &more, first.state().as_ref());
    assert!(second.records("Account").len() < 900, "what was read is not read again");
    check_table(&org, &[&first, &second], "Account", "Id,Name,SystemModstamp");
}

#[test]
fn a_run_has_a_share_of_its_own() {
    let org = salesforce("--accounts 2000 --page 200 --api-limit 1000");
    let run =
        read(&org, "Account", &json!({"api_type": "REST", "quota_percent_per_run": 0.6}), None);
    assert_eq!(run.outcome(), Outcome::Limited, "{}", run.log());
    assert!(run.log().contains("this run has sent 6 of the 1000 requests"), "{}", run.log());
}

#[test]
fn a_day_that_is_used_up_ends_the_run() {
    let org = salesforce("--accounts 10 --api-limit 100 --api-used 100");
    let more = json!({"quota_percent_total": 100});
    let run = attempt(&org, "Account", &more);
    assert_eq!(run.outcome(), Outcome::Limited, "{}", run.log());
}

#[test]
fn too_many_long_queries_at_once_are_waited_for() {
    let org = salesforce("--accounts 10");
    let body = "[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"ConcurrentRequests (Concurrent API Requests) Limit exceeded.\"}]";
    let script = json!([{"match": {"path": "/services/data/*/queryAll"}, "nth": 1, "fault": {
        "kind": "status", "status": 403, "body": body}}]);
    faults(&org, &script);
    let run = read_well(&org, "Account", &json!({}), None);
    assert!(run.log().contains("[RATE05]"), "{}", run.log());
    assert_eq!(run.records("Account").len(), 10);
}
