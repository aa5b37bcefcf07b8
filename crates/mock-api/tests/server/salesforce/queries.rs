//! Queries of the REST API.

use serde_json::{Value, json};

use super::{code, desk, ids, text};

const ALL: &str = "SELECT Id, Name, SystemModstamp FROM Account";

#[test]
fn a_query_is_answered_page_by_page_and_leaves_out_what_is_deleted() {
    let desk = desk("--accounts 5000");
    let (all, pages) = desk.walk("queryAll", ALL);
    assert_eq!((all.len(), pages), (5_000, 3));
    let (rest, _) = desk.walk("query", "SELECT Id, IsDeleted FROM Account");
    assert!(rest.len() < 5_000 && rest.len() > 4_500);
    assert!(rest.iter().all(|record| record["IsDeleted"] == false));
    let first = desk.ask("query", ALL).json();
    assert_eq!((&first["totalSize"], &first["done"]), (&json!(rest.len()), &json!(false)));
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(
        next.starts_with("/services/data/v60.0/query/01g") && next.ends_with("-2000"),
        "{next}"
    );
    let record = &first["records"][0];
    assert_eq!(record["attributes"]["type"], "Account");
    let url = format!("/services/data/v60.0/sobjects/Account/{}", record["Id"].as_str().unwrap());
    assert_eq!(record["attributes"]["url"], url);
    let stamp = record["SystemModstamp"].as_str().unwrap();
    assert!(stamp.ends_with(".000+0000"), "{stamp}");
}

#[test]
fn rows_come_by_change_and_id_and_many_share_a_second() {
    let desk = desk("--accounts 9000 --ties 2500");
    let (all, _) = desk.walk("queryAll", &format!("{ALL} ORDER BY SystemModstamp, Id"));
    let place = |record: &Value| (record["SystemModstamp"].to_string(), record["Id"].to_string());
    assert!(all.is_sorted_by_key(place));
    let mut counts = std::collections::HashMap::new();
    for record in &all {
        *counts.entry(record["SystemModstamp"].to_string()).or_insert(0) += 1;
    }
    assert_eq!(counts.values().max(), Some(&2_500));
    assert!(counts.len() > 1_000);
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_code() {
    let desk = desk("");
    for (query, expected) in [
        ("SELECT Id, Wish FROM Account", (400, "INVALID_FIELD")),
        ("SELECT Id FROM Wish", (400, "INVALID_TYPE")),
        ("SELECT Id FROM AccountChangeEvent", (400, "INVALID_TYPE_FOR_OPERATION")),
        ("SELECT Id FROM Vote", (400, "MALFORMED_QUERY")),
        ("SELECT Id FROM Account GROUP BY Id", (400, "MALFORMED_QUERY")),
        ("SELECT Id, id FROM Account", (400, "MALFORMED_QUERY")),
        ("SELECT", (400, "MALFORMED_QUERY")),
        (
            "SELECT Id FROM Account WHERE CreatedDate > '2026-01-01T00:00:00Z'",
            (400, "INVALID_FIELD"),
        ),
        ("SELECT Id FROM Account WHERE Name = 5", (400, "INVALID_FIELD")),
        ("SELECT Id FROM Account WHERE Id > 'x'", (400, "INVALID_QUERY_FILTER_OPERATOR")),
        ("SELECT Id FROM Account WHERE Description = 'x'", (400, "INVALID_FIELD")),
        ("SELECT Id FROM Account ORDER BY BillingAddress", (400, "INVALID_FIELD")),
    ] {
        let (status, code) = code(&desk.ask("query", query));
        assert_eq!((status, code.as_str()), expected, "{query}");
    }
    assert!(text(&desk.ask("query", "SELECT Wish FROM Account")).contains("'Wish'"));
    assert_eq!(ids(&desk.query("SELECT Id FROM TaskStatus")).len(), 4);
}
