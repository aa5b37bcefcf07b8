//! Deleted records: in the recycle bin, and gone from it.

use super::*;

#[test]
fn a_record_in_the_recycle_bin_comes_whole_with_the_time_of_its_deletion() {
    for api in ["REST", "BULK2"] {
        let org = salesforce("--accounts 40");
        let settings = json!({"api_type": api});
        let first = read_well(&org, "Account", &settings, None);
        pass(&org, 60);
        change(&org, "delete?object=Account&count=5");
        pass(&org, 60);
        let second = read_well(&org, "Account", &settings, first.state().as_ref());
        let gone: Vec<Value> = second
            .records("Account")
            .into_iter()
            .filter(|record| record["IsDeleted"] == true)
            .filter(|record| record["SystemModstamp"] == "2026-11-24T16:00:00.000Z")
            .collect();
        assert_eq!(gone.len(), 5, "{api}");
        for record in gone {
            assert_eq!(record["_sdc_deleted_at"], record["SystemModstamp"], "{record}");
            assert!(record["Name"].is_string(), "{record}");
        }
        check_table(&org, &[&first, &second], "Account", "Id,Name,IsDeleted,SystemModstamp");
    }
}

#[test]
fn deletions_that_nobody_tells_of_any_more_are_told_and_stop_nothing() {
    let org = salesforce("--accounts 30 --users 10");
    let wished = json!({"emit_key_only_deletes": true});
    let first = read_well(&org, "Account", &wished, None);
    let body = r#"[{"errorCode":"INVALID_REPLICATION_DATE","message":"do a full pull"}]"#;
    faults(
        &org,
        &json!([{"match": {"path": "/services/data/*/sobjects/*/deleted/"}, "fault": {
        "kind": "status", "status": 400, "body": body}}]),
    );
    pass(&org, 60);
    let second = read_well(&org, "Account", &wished, first.state().as_ref());
    assert!(second.log().contains("[STATE08] Salesforce knows no more"), "{}", second.log());
    let at = &second.state().expect("a state")["bookmarks"]["Account"]["events"];
    assert!(at.to_string().contains("15:55") || at.is_object() || at.is_number(), "{at}");
    // Without a mark of deletion there is nothing to write of what is gone.
    read_well(&org, "User", &wished, None);
}

#[test]
fn a_record_that_comes_back_is_deleted_no_more() {
    let org = salesforce("--accounts 10");
    change(&org, "delete?object=Account&count=10");
    pass(&org, 60);
    let first = read_well(&org, "Account", &json!({}), None);
    change(&org, "undelete?object=Account&count=10");
    pass(&org, 60);
    let second = read_well(&org, "Account", &json!({}), first.state().as_ref());
    for record in table(&[&first, &second], "Account").values() {
        assert_eq!(record["_sdc_deleted_at"], Value::Null, "{record}");
    }
}

#[test]
fn what_is_gone_for_good_comes_by_its_key_alone_where_that_is_wished() {
    // What is in the recycle bin comes in several pages.
    let org = salesforce("--accounts 600 --page 200");
    let wished = json!({"emit_key_only_deletes": true, "api_type": "REST"});
    let first = read_well(&org, "Account", &wished, None);
    pass(&org, 60);
    let before: Vec<String> = truth(&org, "Account", "Id").into_keys().collect();
    change(&org, "purge?object=Account&count=4");
    change(&org, "delete?object=Account&count=240");
    pass(&org, 60);
    let left = truth(&org, "Account", "Id");
    let gone: Vec<&String> = before.iter().filter(|id| !left.contains_key(*id)).collect();
    assert_eq!(gone.len(), 4);
    let second = read_well(&org, "Account", &wished, first.state().as_ref());
    let records = second.records("Account");
    let keys: Vec<&Value> = records.iter().filter(|one| one["Name"].is_null()).collect();
    let mut found: Vec<&str> = keys.iter().filter_map(|one| one["Id"].as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, gone, "and nobody else's columns are blanked");
    assert!(
        keys.iter().all(|one| one["_sdc_deleted_at"] == "2026-11-24T16:00:00.000Z"),
        "{keys:?}"
    );
    let third = read_well(&org, "Account", &wished, second.state().as_ref());
    assert!(third.records("Account").iter().all(|one| !one["Name"].is_null()), "told once");
    let unwished = read_well(&org, "Account", &json!({}), first.state().as_ref());
    assert!(unwished.records("Account").iter().all(|one| !one["Name"].is_null()));
    assert_eq!(count(&requests(&org), "/deleted/"), 3);
}
