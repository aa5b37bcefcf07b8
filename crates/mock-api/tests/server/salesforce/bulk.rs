//! Jobs of Bulk API 2.0.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Desk, bytes, code, desk, json, table, text};
use crate::site::Reply;

const ALL: &str = "SELECT Id, Name, SystemModstamp, IsDeleted FROM Account";

/// All pages of a job's results.
fn pages(desk: &Desk, id: &str, more: &str) -> Vec<Reply> {
    let (mut pages, mut locator) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("/jobs/query/{id}/results?{more}{locator}"));
        assert_eq!(page.status, 200, "{}", text(&page));
        assert_eq!(page.header("content-type"), Some("text/csv"));
        let next = page.header("sforce-locator").unwrap().to_owned();
        pages.push(page);
        if next == "null" {
            return pages;
        }
        locator = format!("&locator={next}");
    }
}

/// All rows of a job, each with the names of its columns.
fn rows(pages: &[Reply]) -> Vec<HashMap<String, String>> {
    let mut rows = Vec::new();
    for page in pages {
        let lines = table(text(page).trim_start_matches('\u{feff}'));
        let told: usize = page.header("sforce-numberofrecords").unwrap().parse().unwrap();
        assert_eq!(told, lines.len() - 1);
        rows.extend(
            lines[1..].iter().map(|line| lines[0].iter().cloned().zip(line.clone()).collect()),
        );
    }
    rows
}

fn refused(desk: &Desk, soql: &str) -> (u16, String) {
    let body = json!({"operation": "query", "query": soql}).to_string();
    code(&desk.send("POST", "/jobs/query", &[], &body))
}

#[test]
fn a_job_is_made_polled_and_read_page_by_page() {
    let desk = desk("--accounts 5000 --bulk-page 1500");
    let job = desk.job(ALL);
    let id = job["id"].as_str().unwrap();
    assert!(id.starts_with("750"));
    for (name, value) in [
        ("state", json!("UploadComplete")),
        ("object", json!("Account")),
        ("operation", json!("queryAll")),
        ("contentType", json!("CSV")),
        ("lineEnding", json!("LF")),
        ("columnDelimiter", json!("COMMA")),
        ("apiVersion", json!(60.0)),
        ("concurrencyMode", json!("Parallel")),
    ] {
        assert_eq!(job[name], value, "{name}");
    }
    let path = format!("/jobs/query/{id}");
    let results = format!("{path}/results");
    assert_eq!(code(&desk.get(&results)), (400, "INVALIDJOBSTATE".to_owned()));
    assert_eq!(json(&desk.get(&path))["state"], "InProgress");
    let done = json(&desk.get(&path));
    assert_eq!(
        (&done["state"], &done["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(5_000))
    );
    let pages = pages(&desk, id, "");
    assert_eq!(pages.len(), 4);
    let mut read: Vec<String> = rows(&pages).iter().map(|row| row["Id"].clone()).collect();
    read.sort();
    let truth = desk.site.truth("object=Account&fields=Id");
    let truth: Vec<&str> = truth.iter().map(|row| row["Id"].as_str().unwrap()).collect();
    assert_eq!(read, truth);
}

/// Names of the fields that jobs can read.
fn readable(desk: &Desk, object: &str) -> String {
    let object = json(&desk.get(&format!("/sobjects/{object}/describe")));
    let fields = object["fields"].as_array().unwrap().iter();
    let fields = fields.filter(|field| {
        !["address", "location", "base64"].contains(&field["type"].as_str().unwrap())
    });
    fields.map(|field| field["name"].as_str().unwrap()).collect::<Vec<_>>().join(", ")
}

/// Whether a value of a CSV is one of JSON.
fn is_equal(csv: &str, json: &Value) -> bool {
    match json {
        Value::Null => csv.is_empty(),
        Value::String(text) => csv == text || csv == text.replace("+0000", "Z"),
        Value::Number(number) if number.is_f64() => csv.parse::<f64>().ok() == number.as_f64(),
        Value::Number(number) => csv.parse::<i64>().ok() == number.as_i64(),
        Value::Bool(value) => csv.parse::<bool>().ok() == Some(*value),
        _ => false,
    }
}

#[test]
fn values_are_those_of_the_rest_api_and_null_is_empty() {
    let desk = desk("--accounts 700");
    let mut texts = std::collections::HashSet::new();
    for object in [
        "Account",
        "Contact",
        "Gizmo__c",
        "LoginHistory",
        "Opportunity",
        "Plain__c",
        "Task",
        "User",
    ] {
        let soql = format!("SELECT {} FROM {object}", readable(&desk, object));
        let id = desk.done(&soql);
        let csv = rows(&pages(&desk, &id, ""));
        let rest: HashMap<String, Value> = desk
            .walk("queryAll", &soql)
            .0
            .into_iter()
            .map(|record| (record["Id"].as_str().unwrap().to_owned(), record))
            .collect();
        assert_eq!(csv.len(), rest.len(), "{object}");
        for row in csv {
            let record = &rest[&row["Id"]];
            for (name, value) in &row {
                let expected = &record[name];
                assert!(is_equal(value, expected), "{object}.{name}: {value} is not {expected}");
            }
            texts.extend(row.get("Note__c").cloned());
        }
    }
    for text in ["NA", "NULL", "null", "", " begins with a space", "two\nlines", "\"\""] {
        assert!(texts.contains(text), "{text:?}");
    }
}

#[test]
fn a_job_without_rows_has_one_page_with_the_columns_only() {
    let desk = desk("");
    let id = desk.done("SELECT Name, Id FROM Account WHERE Name = 'nobody'");
    let pages = pages(&desk, &id, "");
    assert_eq!(text(&pages[0]), "\"Name\",\"Id\"\n");
    assert_eq!(pages[0].header("sforce-numberofrecords"), Some("0"));
    let addresses = json(&desk.get(&format!("/jobs/query/{id}/resultPages")));
    assert_eq!(addresses["resultPages"].as_array().unwrap().len(), 1);
    assert_eq!(addresses["done"], true);
}

#[test]
fn results_that_are_not_there_yet_were_no_error_once() {
    let desk = desk("");
    let body = json!({"operation": "query", "query": ALL}).to_string();
    let jobs = "/services/data/v48.0/jobs/query";
    let job = json(&desk.send("POST", jobs, &[], &body));
    let path = format!("{jobs}/{}/results", job["id"].as_str().unwrap());
    let early = desk.get(&path);
    assert_eq!((early.status, early.body.len()), (204, 0));
}

#[test]
fn rows_come_in_any_order_but_that_of_their_change_unless_it_is_asked_for() {
    let stamps = |arguments: &str, soql: &str| -> Vec<String> {
        let desk = desk(&format!("--accounts 3000 {arguments}"));
        let id = desk.done(soql);
        rows(&pages(&desk, &id, "")).iter().map(|row| row["SystemModstamp"].clone()).collect()
    };
    let mixed = stamps("", ALL);
    assert!(!mixed.is_sorted() && !mixed.iter().rev().is_sorted());
    assert!(stamps("--bulk-order sorted", ALL).is_sorted());
    assert!(stamps("--bulk-order descending", ALL).iter().rev().is_sorted());
    assert!(stamps("", &format!("{ALL} ORDER BY SystemModstamp")).is_sorted());
}

#[test]
fn columns_a_mark_and_line_ends_are_as_the_options_say() {
    let desk = desk("--accounts 90 --bulk-page 30 --bulk-columns shuffled --bulk-bom --bulk-crlf");
    let id = desk.done(ALL);
    let pages = pages(&desk, &id, "");
    let heads: std::collections::HashSet<String> =
        pages.iter().map(|page| text(page).lines().next().unwrap().to_owned()).collect();
    assert!(heads.len() > 1, "{heads:?}");
    assert!(heads.iter().all(|head| head.starts_with('\u{feff}')));
    assert!(pages.iter().all(|page| text(page).contains("\"\r\n\"")));
    assert_eq!(rows(&pages).len(), 90);
}

#[test]
fn addresses_of_several_pages_are_given_at_once_and_lead_to_all_rows() {
    let desk = desk("--accounts 5000 --bulk-page 700");
    let id = desk.done(ALL);
    let (mut urls, mut next) = (Vec::new(), Some(format!("/jobs/query/{id}/resultPages")));
    let mut answers = 0;
    while let Some(path) = next {
        let answer = json(&desk.get(&path));
        let pages = answer["resultPages"].as_array().unwrap();
        urls.extend(pages.iter().map(|page| page["resultUrl"].as_str().unwrap().to_owned()));
        next = answer["nextRecordsUrl"].as_str().map(str::to_owned);
        assert_eq!(answer["done"], next.is_none());
        answers += 1;
    }
    assert_eq!((urls.len(), answers), (8, 2));
    let pages: Vec<Reply> = urls.iter().map(|url| desk.get(url)).collect();
    assert_eq!(rows(&pages).len(), 5_000);
    assert_eq!(pages[7].header("sforce-locator"), Some("null"));
    let old = desk.get("/services/data/v57.0/jobs/query/x/resultPages");
    assert_eq!(code(&old), (404, "NOT_FOUND".to_owned()));
}

#[test]
fn a_job_is_read_with_the_version_that_made_it() {
    let desk = desk("");
    let id = desk.done(ALL);
    for path in ["", "/results", "/resultPages"] {
        let reply = desk.get(&format!("/services/data/v61.0/jobs/query/{id}{path}"));
        assert_eq!(reply.status, 409, "{path}");
    }
    assert_eq!(code(&desk.get("/services/data/v46.0/jobs/query")).0, 404);
}

#[test]
fn what_jobs_cannot_read_is_refused() {
    let desk = desk("");
    for (soql, expected) in [
        ("SELECT BillingAddress FROM Account", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Place__c FROM Account", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Body FROM Attachment", "FUNCTIONALITY_NOT_ENABLED"),
        ("SELECT Id FROM TaskStatus", "INVALIDENTITY"),
        ("SELECT Id FROM Account GROUP BY Id", "API_ERROR"),
        ("SELECT Id FROM Account LIMIT 5 OFFSET 5", "API_ERROR"),
        ("SELECT COUNT() FROM Account", "API_ERROR"),
        ("SELECT MAX(Name) FROM Account", "API_ERROR"),
        ("SELECT Wish FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Wish", "INVALID_TYPE"),
        ("SELECT", "MALFORMED_QUERY"),
    ] {
        assert_eq!(refused(&desk, soql), (400, expected.to_owned()), "{soql}");
    }
    let reply = desk.send("POST", "/jobs/query", &[], "{\"operation\": \"insert\"}");
    assert_eq!(code(&reply), (400, "INVALIDJOB".to_owned()));
}

#[test]
fn jobs_fail_are_aborted_and_deleted() {
    let desk = desk("--fail-job 1 --abort-job 2 --job-polls 1");
    let state = |id: &str| json(&desk.get(&format!("/jobs/query/{id}")))["state"].clone();
    let jobs: Vec<Value> = (0..3).map(|_| desk.job(ALL)).collect();
    let ids: Vec<&str> = jobs.iter().map(|job| job["id"].as_str().unwrap()).collect();
    assert_eq!((state(ids[0]), state(ids[1])), (json!("Failed"), json!("Aborted")));
    let failed = json(&desk.get(&format!("/jobs/query/{}", ids[0])));
    assert!(failed["errorMessage"].is_string());
    let path = format!("/jobs/query/{}", ids[2]);
    let aborted = desk.send("PATCH", &path, &[], "{\"state\": \"Aborted\"}");
    assert_eq!(json(&aborted)["state"], "Aborted");
    assert_eq!(desk.send("PATCH", &path, &[], "{\"state\": \"Aborted\"}").status, 400);
    assert_eq!(desk.send("DELETE", &path, &[], "").status, 204);
    assert_eq!(desk.get(&path).status, 404);
    let all = json(&desk.get("/jobs/query"));
    assert_eq!(all["records"].as_array().unwrap().len(), 2);
    let limits = json(&desk.get("/limits"));
    assert_eq!(limits["DailyBulkV2QueryJobs"], json!({"Max": 10_000, "Remaining": 9_997}));
}

#[test]
fn locators_are_lost_when_they_were_used_too_often_or_the_admin_says_so() {
    let lost = (400, "INVALID_LOCATOR".to_owned());
    let desk = desk("--accounts 90 --bulk-page 30 --locator-uses 2");
    let id = desk.done(ALL);
    let path = format!("/jobs/query/{id}/results");
    let locator = desk.get(&path).header("sforce-locator").unwrap().to_owned();
    let next = format!("{path}?locator={locator}");
    assert_eq!([desk.get(&next).status, desk.get(&next).status], [200, 200]);
    assert_eq!(code(&desk.get(&next)), lost);
    let locator = desk.get(&path).header("sforce-locator").unwrap().to_owned();
    desk.site.post("/_mock/lose_locators", "");
    assert_eq!(code(&desk.get(&format!("{path}?locator={locator}"))), lost);
    assert_eq!(code(&desk.get(&format!("{path}?locator=x"))), lost);
    assert_eq!(desk.get(&path).status, 200);
}

#[test]
fn a_job_has_the_rows_of_when_it_was_made_with_the_values_of_when_it_is_read() {
    let desk = desk("--accounts 60");
    let id = desk.done(ALL);
    let purged = desk.change("purge?object=Account&count=3");
    let touched = desk.change("touch?object=Account&count=1");
    desk.change("create?object=Account&count=5");
    let rows = rows(&pages(&desk, &id, "maxRecords=25"));
    assert_eq!(rows.len(), 57);
    assert!(rows.iter().all(|row| !purged.contains(&row["Id"])));
    let row = rows.iter().find(|row| row["Id"] == touched[0]).unwrap();
    assert_eq!(row["SystemModstamp"], "2026-11-01T12:00:00.000Z");
}

#[test]
fn a_page_is_compressed_and_can_be_cut() {
    let desk = desk("--accounts 3000");
    let id = desk.done(ALL);
    let path = format!("/jobs/query/{id}/results");
    let get = || desk.send("GET", &path, &[("accept-encoding", "gzip")], "");
    let whole = get();
    assert_eq!(whole.header("content-encoding"), Some("gzip"));
    assert_eq!(table(&text(&whole)).len(), 3_001);
    assert_eq!(bytes(&whole), bytes(&desk.get(&path)));
    desk.site.post(
        "/_mock/faults",
        r#"[{"match": {"path": "/services/data/*/jobs/query/*/results"}, "nth": 1,
            "fault": {"kind": "cut", "at": 4000}}]"#,
    );
    let cut = get();
    assert_eq!((cut.status, cut.body.len()), (200, 4_000));
    assert_eq!(cut.body, whole.body[..4_000]);
    assert_eq!(get().body, whole.body);
}
