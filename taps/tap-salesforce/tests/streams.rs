//! What objects of each kind are asked for and write, over a fake Salesforce in this process.

use std::fmt::Write as _;

use mock_api::{Options, Server};
use serde_json::json;
use singer_tap::Outcome;
use singer_test::{NOW, Subject};
use tap_salesforce::TapSalesforce;

/// Reads an object and compares what it asked for, its schema, its first record and its state with the
/// snapshot.
#[track_caller]
fn check(name: &str, object: &str, api: &str) {
    let options = format!(
        "salesforce --still --now {NOW} --date {NOW} --accounts 5 --contacts 3 --opportunities 3 --gizmos 3 --plains 3 --users 3 --tasks 3 --logins 3 --attachments 2 --job-polls 1"
    );
    let org =
        Server::start(Options::of(&options)).expect("a port of the loopback interface is free");
    let config = json!({
        "instance_url": org.url(), "client_id": "the-app", "client_secret": "secret-0f-the-streams-Zk3q",
        "refresh_token": "refresh-0f-the-streams-Qw8z", "start_date": "2020-01-01", "api_type": api,
        "max_requests_per_second": 10_000});
    let messages = singer_test::read::<TapSalesforce>(object, &Subject::new(config), None);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    let records = messages.records(object);
    assert!(!records.is_empty(), "`{object}` has no record");
    let mut text = String::new();
    for request in org.take_requests() {
        writeln!(text, "{request}").expect("a `String` takes any text");
    }
    let state = messages.state().expect("a run ends with a STATE");
    writeln!(text, "\n{} records, of them:", records.len()).expect("a `String` takes any text");
    for value in [&records[0], &state["bookmarks"]] {
        writeln!(text, "\n{value:#}").expect("a `String` takes any text");
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

macro_rules! streams {
    ($($name:ident: $object:literal by $api:literal;)*) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), $object, $api);
        })*
    };
}

streams! {
    account_by_rest: "Account" by "REST";
    account_by_bulk: "Account" by "BULK2";
    attachment: "Attachment" by "AUTO";
    custom_object: "Gizmo__c" by "REST";
    custom_object_by_bulk: "Gizmo__c" by "BULK2";
    login_history: "LoginHistory" by "AUTO";
    opportunity: "Opportunity" by "AUTO";
    task: "Task" by "BULK2";
    user: "User" by "REST";
    without_replication_key: "Plain__c" by "REST";
    without_replication_key_by_bulk: "Plain__c" by "BULK2";
}
