//! Changes of the data, what is deleted, and what is true.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Desk, code, desk, ids, json, site};

/// Instant of the last change, as answers have it.
const CHANGED: &str = "2026-11-01T12:00:00.000+0000";

fn deleted(desk: &Desk, object: &str, start: &str, end: &str) -> Value {
    json(&desk.get(&format!("/sobjects/{object}/deleted/?start={start}&end={end}")))
}

fn strings(values: &[String]) -> HashSet<&str> {
    values.iter().map(String::as_str).collect()
}

#[test]
fn what_is_touched_made_deleted_and_restored_has_the_time_of_it() {
    let desk = desk("");
    let stamp = "WHERE SystemModstamp = 2026-11-01T12:00:00Z";
    let seen = |resource: &str, fields: &str| {
        desk.walk(resource, &format!("SELECT {fields} FROM Account {stamp}")).0
    };
    let touched = desk.change("touch?object=Account&count=3");
    assert_eq!(strings(&touched), ids(&seen("query", "Id")).into_iter().collect());
    let made = desk.change("create?object=Account&count=2");
    assert_eq!(seen("query", "Id").len(), 5);
    let gone = desk.change(&format!("delete?object=Account&id={}", made[0]));
    assert_eq!(gone, made[..1]);
    assert_eq!(seen("query", "Id").len(), 4);
    let all = seen("queryAll", "Id, IsDeleted, CreatedDate, LastModifiedDate");
    let row = all.iter().find(|row| row["Id"] == made[0]).unwrap();
    assert_eq!(row["IsDeleted"], true);
    assert_eq!([&row["CreatedDate"], &row["LastModifiedDate"]], [CHANGED, CHANGED]);
    desk.change(&format!("undelete?object=Account&id={}", made[0]));
    assert_eq!(seen("query", "Id").len(), 5);
    desk.change(&format!("purge?object=Account&id={}", made[0]));
    assert_eq!(seen("queryAll", "Id").len(), 4);
    let refused = desk.site.send("POST", "/_mock/delete?object=User", &[], "");
    assert_eq!(refused.status, 400);
    for target in ["touch?object=Wish".to_owned(), format!("touch?object=Account&id={}", made[0])] {
        let refused = desk.site.send("POST", &format!("/_mock/{target}"), &[], "");
        assert_eq!(refused.status, 400, "{target}");
    }
}

#[test]
fn a_late_change_is_seen_after_its_time() {
    let desk = desk("");
    let before = desk.query("SELECT Id, SystemModstamp FROM Contact");
    let made = desk.change("create?object=Contact&count=1&late=100");
    let touched = desk.change("touch?object=Contact&count=1&late=200");
    assert_eq!(desk.query("SELECT Id, SystemModstamp FROM Contact"), before);
    desk.site.post("/_mock/clock?advance=100", "");
    let soql =
        format!("SELECT Id FROM Contact WHERE SystemModstamp = {}", CHANGED.replace("+0000", "Z"));
    assert_eq!(ids(&desk.query(&soql)), [&made[0]]);
    assert_eq!(
        desk.site
            .truth("object=Contact&hidden=1&fields=SystemModstamp")
            .iter()
            .filter(|row| row["SystemModstamp"] == "2026-11-01T12:00:00.000Z")
            .count(),
        2
    );
    desk.site.post("/_mock/clock?advance=100", "");
    assert_eq!(strings(&[made, touched].concat()), ids(&desk.query(&soql)).into_iter().collect());
}

#[test]
fn with_late_rows_the_last_changes_are_not_all_seen() {
    let desk = desk("--accounts 2000 --history 1 --late 600 --now 2026-11-01T12:00:00Z");
    let count = |desk: &Desk| {
        json(&desk.ask("queryAll", "SELECT COUNT() FROM Account"))["totalSize"].as_u64()
    };
    let first = count(&desk).unwrap();
    assert!((1_900..2_000).contains(&first), "{first}");
    assert_eq!(desk.site.truth("object=Account&fields=Id").len() as u64, first);
    desk.site.post("/_mock/clock?advance=600", "");
    assert_eq!(count(&desk), Some(2_000));
}

#[test]
fn deleted_ids_are_told_for_fifteen_days() {
    let desk = desk("--accounts 50");
    let gone = desk.change("delete?object=Account&count=2");
    let purged = desk.change("purge?object=Account&count=1");
    desk.change(&format!("purge?object=Account&id={}", gone[0]));
    desk.site.post("/_mock/clock?advance=120", "");
    let told = deleted(&desk, "Account", "2026-11-01T11:59:00Z", "2026-11-01T12:02:00%2B00:00");
    let records = told["deletedRecords"].as_array().unwrap();
    let found: HashSet<&str> = records.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(found, strings(&[gone, purged].concat()));
    assert!(records.iter().all(|one| one["deletedDate"] == CHANGED));
    assert_eq!(told["latestDateCovered"], "2026-11-01T12:02:00.000+0000");
    assert_eq!(told["earliestDateAvailable"], "2026-10-17T12:02:00.000+0000");
    for (start, end) in [
        ("2026-11-01T12:00:00Z", "2026-11-01T12:00:59Z"),
        ("2026-11-01T12:00:00Z", "2026-11-01T11:00:00Z"),
        ("2026-10-17T12:00:00Z", "2026-11-01T12:00:00Z"),
        ("yesterday", "2026-11-01T12:00:00Z"),
    ] {
        let errors = deleted(&desk, "Account", start, end);
        assert_eq!(errors[0]["errorCode"], "INVALID_REPLICATION_DATE", "{start}");
    }
    let path =
        "/sobjects/LoginHistory/deleted/?start=2026-11-01T11:00:00Z&end=2026-11-01T12:00:00Z";
    assert_eq!(code(&desk.get(path)), (400, "INVALID_TYPE_FOR_OPERATION".to_owned()));
}

#[test]
fn the_truth_is_what_queries_show() {
    let desk = desk("--objects 2");
    for object in [
        "Account",
        "Contact",
        "Opportunity",
        "User",
        "Task",
        "LoginHistory",
        "Attachment",
        "Gizmo__c",
        "Plain__c",
        "TaskStatus",
        "Extra0002__c",
    ] {
        let truth = desk.site.truth(&format!("object={object}&offset=1"));
        let fields: Vec<&String> = truth[0].as_object().unwrap().keys().collect();
        let fields = fields.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
        let mut records =
            desk.walk("queryAll", &format!("SELECT {fields} FROM {object} ORDER BY Id")).0;
        for record in &mut records {
            record.as_object_mut().unwrap().shift_remove("attributes");
        }
        assert_eq!(truth, records, "{object}");
    }
    assert_eq!(desk.site.get("/_mock/truth?object=Wish").status, 400);
    assert_eq!(desk.site.get("/_mock/truth?fields=Wish").status, 400);
}

#[test]
fn purged_records_are_true_only_if_they_are_asked_for() {
    let desk = desk("--accounts 20");
    let purged = desk.change("purge?object=Account&count=2");

    let truth = |more: &str| desk.site.truth(&format!("object=Account&fields=Id{more}"));
    assert_eq!((truth("").len(), truth("&purged=1").len()), (18, 20));
    assert!(ids(&truth("")).iter().all(|id| !strings(&purged).contains(id)));
}

#[test]
fn days_of_ordinary_life_change_everything_a_little() {
    let desk = desk("--accounts 1000");
    let lived = desk.site.post("/_mock/live?days=3", "");
    assert_eq!(lived["Account"]["made"], 32, "{lived}");
    assert!(lived["Account"]["touched"].as_u64() >= Some(60));
    assert!(lived["Account"]["purged"].as_u64() > Some(0));
    assert_eq!(lived["LoginHistory"]["touched"], 0);
    let soql = "SELECT Id, IsDeleted FROM Account WHERE SystemModstamp > 2026-11-01T12:00:00Z";
    let (changed, _) = desk.walk("queryAll", soql);
    assert!(changed.len() > 90, "{}", changed.len());
    assert!(changed.iter().any(|row| row["IsDeleted"] == true));
    let session = super::login(&desk.site);
    assert_eq!(
        json(&Desk { session, ..desk }.ask("query", "SELECT COUNT() FROM Plain__c"))["done"],
        true
    );
}

#[test]
fn the_same_seed_gives_the_same_rows_and_another_others() {
    let truth = |arguments: &str| site(arguments).truth("object=Account");
    assert_eq!(truth(""), truth(""));
    assert_ne!(truth(""), truth("--seed 2"));
    let last = |arguments: &str| {
        let truth = site(arguments).truth("object=Account&fields=SystemModstamp");
        truth.iter().map(|row| row["SystemModstamp"].as_str().unwrap().to_owned()).max().unwrap()
    };
    assert!(last("").as_str() < "2026-11-01T00:00:01");
    assert!(last("--now 2020-06-01").as_str() < "2020-06-01T00:00:01");
    assert_eq!(json!(truth("--accounts 7").len()), 7);
}
