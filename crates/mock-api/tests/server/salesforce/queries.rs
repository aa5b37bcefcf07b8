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

#[test]
fn conditions_choose_what_they_say() {
    let desk = desk("--accounts 400");
    let fields = "Id, Name, Rating, AnnualRevenue, NumberOfEmployees, LastActivityDate, CreatedDate, \
                  Is_Partner__c, ParentId, Phone";
    let all = desk.walk("queryAll", &format!("SELECT {fields} FROM Account ORDER BY Id")).0;
    let some = &all[17];
    let text = |name: &str| some[name].as_str().unwrap().to_owned();
    let (id, name) = (text("Id"), text("Name").replace('\'', "\\'"));
    type Holds<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(String, Holds<'_>)> =
        vec![
        (format!("Id > '{id}'"), Box::new(|row| row["Id"].as_str() > some["Id"].as_str())),
        (format!("Id = '{}'", &id[..15]), Box::new(|row| row["Id"] == some["Id"])),
        ("Id > '000000000000000'".into(), Box::new(|_| true)),
        (format!("Name = '{name}'"), Box::new(|row| row["Name"] == some["Name"])),
        ("Rating = 'hot'".into(), Box::new(|row| row["Rating"] == "Hot")),
        ("Rating != 'Hot'".into(), Box::new(|row| row["Rating"] != "Hot")),
        ("Rating = null".into(), Box::new(|row| row["Rating"].is_null())),
        ("NOT Rating IN ('Hot', null)".into(), Box::new(|row| {
            row["Rating"] != "Hot" && !row["Rating"].is_null()
        })),
        ("Rating NOT IN ('Hot', null)".into(), Box::new(|row| {
            row["Rating"] != "Hot" && !row["Rating"].is_null()
        })),
        ("AnnualRevenue >= 100000000.5".into(), Box::new(|row| {
            row["AnnualRevenue"].as_f64() >= Some(100_000_000.5)
        })),
        ("NumberOfEmployees < 20000".into(), Box::new(|row| {
            row["NumberOfEmployees"].as_u64().is_some_and(|count| count < 20_000)
        })),
        ("Is_Partner__c = TRUE".into(), Box::new(|row| row["Is_Partner__c"] == true)),
        ("LastActivityDate >= 2026-06-01".into(), Box::new(|row| {
            row["LastActivityDate"].as_str() >= Some("2026-06-01")
        })),
        (
            "CreatedDate >= 2026-03-01T00:00:00.000+0000 AND (CreatedDate < 2026-04-01T00:00:00Z \
             OR Rating = 'Cold')".into(),
            Box::new(|row| {
                let created = row["CreatedDate"].as_str().unwrap();
                created >= "2026-03-01" && (created < "2026-04-01" || row["Rating"] == "Cold")
            }),
        ),
    ];
    for (condition, holds) in cases {
        let soql = format!("SELECT {fields} FROM Account WHERE {condition} ORDER BY Id");
        let found = desk.walk("queryAll", &soql).0;
        let expected: Vec<&Value> = all.iter().filter(|row| holds(row)).collect();
        assert!(!expected.is_empty(), "{condition}");
        assert_eq!(
            ids(&found),
            expected.iter().map(|row| row["Id"].as_str().unwrap()).collect::<Vec<_>>(),
            "{condition}"
        );
    }
}

#[test]
fn a_walk_by_time_and_id_finds_every_row_once() {
    let desk = desk("--accounts 3000 --ties 900");
    let (mut found, mut place) =
        (Vec::new(), ("2000-01-01T00:00:00Z".to_owned(), "000000000000000".to_owned()));
    loop {
        let (time, id) = &place;
        let soql = format!(
            "SELECT Id, SystemModstamp FROM Account WHERE (SystemModstamp > {time} OR (SystemModstamp = \
             {time} AND Id > '{id}')) AND SystemModstamp < 2026-11-02T00:00:00Z \
             ORDER BY SystemModstamp, Id LIMIT 250"
        );
        let (rows, _) = desk.walk("queryAll", &soql);
        let Some(last) = rows.last() else { break };
        let text = |name: &str| last[name].as_str().unwrap().to_owned();
        place = (text("SystemModstamp").replace("+0000", "Z"), text("Id"));
        found.extend(ids(&rows).into_iter().map(str::to_owned));
    }
    assert_eq!(found.len(), 3_000);
    assert_eq!(found.iter().collect::<std::collections::HashSet<_>>().len(), 3_000);
}

#[test]
fn orders_go_both_ways_and_limits_end_them() {
    let desk = desk("");
    let rows = desk.query("SELECT Name, Rating FROM Account ORDER BY Rating DESC, Name LIMIT 50");
    assert_eq!(rows.len(), 50);
    assert!(rows.is_sorted_by(|one, other| one["Rating"].as_str() >= other["Rating"].as_str()));
    let counted = desk.ask("query", "SELECT COUNT() FROM Account WHERE Rating = 'Hot'").json();
    assert_eq!((&counted["done"], &counted["records"]), (&json!(true), &json!([])));
    let hot = desk.query("SELECT Id FROM Account WHERE Rating = 'Hot'").len();
    assert_eq!(counted["totalSize"], hot);
}

#[test]
fn compound_fields_are_objects_of_their_parts() {
    let desk = desk("");
    let soql = "SELECT BillingAddress, BillingCity, BillingLatitude, Place__c, Place__Latitude__s FROM Account";
    let rows = desk.query(soql);
    for row in &rows {
        let address = &row["BillingAddress"];
        assert_eq!(address["city"], row["BillingCity"]);
        assert_eq!(address["latitude"], row["BillingLatitude"]);
        assert_eq!(row["Place__c"]["latitude"], row["Place__Latitude__s"]);
    }
    let keys: Vec<&String> = rows[0]["BillingAddress"].as_object().unwrap().keys().collect();
    let expected = [
        "city",
        "country",
        "geocodeAccuracy",
        "latitude",
        "longitude",
        "postalCode",
        "state",
        "street",
    ];
    assert_eq!(keys, expected);
    assert!(rows.iter().any(|row| row["BillingAddress"].is_null() && row["BillingCity"].is_null()));
    let user = desk.query("SELECT Address, City FROM User");
    assert!(user.iter().any(|row| row["Address"]["city"].is_string()));
    let attachment = &desk.query("SELECT Id, Body FROM Attachment")[0];
    let body = attachment["Body"].as_str().unwrap();
    assert!(body.ends_with("/Body") && body.contains(attachment["Id"].as_str().unwrap()));
    assert_eq!(desk.get(body).status, 200);
}

#[test]
fn pages_are_as_large_as_is_asked_and_allowed() {
    let desk = desk("--accounts 900 --page 700");
    let size = |wish: &str| {
        let target = format!("/queryAll?q={}", super::encoded(ALL));
        let page = desk.send("GET", &target, &[("Sforce-Query-Options", wish)], "").json();
        page["records"].as_array().unwrap().len()
    };
    assert_eq!(
        [size("batchSize=300"), size("batchSize=5"), size("batchSize=2000"), size("x")],
        [300, 200, 700, 700]
    );
}

#[test]
fn a_cursor_has_the_rows_of_its_query_and_the_values_of_its_page() {
    let desk = desk("--accounts 600 --page 250");
    let first = desk.ask("queryAll", &format!("{ALL} ORDER BY Id")).json();
    let next = first["nextRecordsUrl"].as_str().unwrap().to_owned();
    desk.change("create?object=Account&count=50");
    let truth = desk.site.truth("object=Account&fields=Id");
    let id = |at: usize| truth[at]["Id"].as_str().unwrap().to_owned();
    let (purged, touched, gone) = (id(300), id(301), id(302));
    desk.change(&format!("purge?object=Account&id={purged}"));
    desk.change(&format!("touch?object=Account&id={touched}"));
    desk.change(&format!("delete?object=Account&id={gone}"));
    let page = desk.get(&next).json();
    assert_eq!(page["totalSize"], 600);
    let records = page["records"].as_array().unwrap();
    assert_eq!(records.len(), 249);
    assert_eq!(records[50]["Id"], touched);
    assert_eq!(records[50]["SystemModstamp"], "2026-11-01T12:00:00.000+0000");
    assert_eq!(records[51]["Id"], gone);
}

#[test]
fn cursors_are_lost() {
    let lost = (400, "INVALID_QUERY_LOCATOR".to_owned());
    let desk = desk("--accounts 900 --page 200 --cursor-requests 2");
    let next = || desk.ask("queryAll", ALL).json()["nextRecordsUrl"].as_str().unwrap().to_owned();
    let cursor = next();
    assert_eq!([desk.get(&cursor).status, desk.get(&cursor).status], [200, 200]);
    assert_eq!(code(&desk.get(&cursor)), lost);
    let cursor = next();
    desk.site.post("/_mock/expire_cursors", "");
    assert_eq!(code(&desk.get(&cursor)), lost);
    assert_eq!(code(&desk.get("/query/01gx-2000")), lost);
}

#[test]
fn a_window_of_too_many_rows_takes_too_long() {
    let desk = desk("--accounts 1000 --query-timeout 600");
    let window = |from: &str| {
        format!("{ALL} WHERE SystemModstamp >= {from} ORDER BY SystemModstamp LIMIT 10")
    };
    let refused = desk.ask("query", &window("2020-01-01T00:00:00Z"));
    assert_eq!(code(&refused), (400, "QUERY_TIMEOUT".to_owned()));
    assert_eq!(desk.ask("query", &window("2026-08-01T00:00:00Z")).status, 200);
    assert_eq!(desk.ask("query", ALL).status, 200, "there is no window that could be halved");
}

#[test]
fn objects_without_ids_or_of_one_time_only_are_answered_too() {
    let desk = desk("--logins 300");
    let rows = desk.query("SELECT Label, Total FROM AggregateResult");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["attributes"], json!({"type": "AggregateResult"}));
    let logins = desk.query(
        "SELECT Id, LoginTime FROM LoginHistory WHERE LoginTime >= 2026-06-01T00:00:00Z \
         ORDER BY LoginTime, Id",
    );
    assert!(logins.len() > 50 && logins.len() < 300, "{}", logins.len());
    assert!(logins.is_sorted_by_key(|row| row["LoginTime"].to_string()));
    let votes = "SELECT Id FROM Vote WHERE ParentId IN ('0015e00000001Lv2AA')";
    assert_eq!(desk.ask("query", votes).status, 200);
    assert_eq!(code(&desk.get("/jobs/query//x")).0, 404);
}
