//! Connected accounts.

use super::*;

/// The ids of the accounts: the platform's, and two that are connected.
fn accounts(stripe: &Server) -> Vec<String> {
    let told: Value = serde_json::from_str(&admin(stripe, "GET", "accounts")).expect("JSON");
    let mut found = Vec::new();
    collect(&told, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("acct_") => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        _ => {}
    }
}

#[test]
fn each_account_is_a_partition_with_its_own_data_and_bookmark() {
    let stripe = stripe("--accounts 2");
    let accounts = accounts(&stripe);
    assert_eq!(accounts.len(), 3, "{accounts:?}");
    let settings = json!({"accounts": accounts});
    let messages = read(&stripe, "customers", &settings, None);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    let state = messages.state().expect("a STATE");
    let partitions = state["bookmarks"]["customers"]["partitions"].as_object().expect("partitions");
    assert_eq!(partitions.len(), 3);
    for account in &accounts {
        let records = messages.records("customers");
        let own: Vec<Value> =
            records.into_iter().filter(|record| record["stripe_account"] == **account).collect();
        let lines = admin(&stripe, "GET", &format!("truth?resource=customers&account={account}"));
        assert_eq!(ids(&own).len(), lines.lines().count(), "{account}");
    }
    let second = read(&stripe, "customers", &settings, Some(&state));
    assert!(second.records("customers").is_empty());
}

#[test]
fn one_account_has_the_state_of_a_tap_without_partitions() {
    let stripe = stripe("--accounts 2");
    let account = &accounts(&stripe)[1];
    let messages = read(&stripe, "invoice_line_items", &json!({"account_id": account}), None);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    let state = messages.state().expect("a STATE");
    assert_eq!(state["bookmarks"]["invoice_line_items"]["replication_key"], "created");
    let records = messages.records("invoice_line_items");
    assert!(!records.is_empty());
    assert!(records.iter().all(|record| record["stripe_account"] == **account));
}

#[test]
fn an_account_that_is_not_ours_is_skipped_and_the_others_are_read() {
    let stripe = stripe("--accounts 2");
    let own = accounts(&stripe)[1].clone();
    let settings = json!({"accounts": [own, "acct_1nobodysAccount00"]});
    let messages = read(&stripe, "customers", &settings, None);
    assert_eq!(messages.outcome(), Outcome::Partial, "{}", messages.log());
    assert!(
        messages.log().contains("[PERM01] skipped acct_1nobodysAccount00"),
        "{}",
        messages.log()
    );
    assert!(!messages.records("customers").is_empty());
}
