//! Reports.

use serde_json::{Value, json};

use super::{id, stripe, text, walk};
use crate::site::{Reply, Site};

const RUNS: &str = "/v1/reporting/report_runs";
const OCTOBER: &str = "parameters[interval_start]=1790812800&parameters[interval_end]=1793491200";

fn start(site: &Site, kind: &str, more: &str) -> Reply {
    site.send("POST", RUNS, &[], &format!("report_type={kind}&{OCTOBER}{more}"))
}

/// The run after it was asked for until it was done.
fn done(site: &Site, run: &Value) -> Value {
    let path = format!("{RUNS}/{}", id(run));
    assert_eq!(site.get(&path).json()["status"], "pending");
    site.get(&path).json()
}

/// The values of a file that quotes them all.
fn table(csv: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut rest) = (Vec::new(), Vec::new(), csv);
    while let Some(quoted) = rest.strip_prefix('"') {
        let mut end = quoted.find('"').unwrap();
        while quoted[end + 1..].starts_with('"') {
            end += 2 + quoted[end + 2..].find('"').unwrap();
        }
        line.push(quoted[..end].replace("\"\"", "\""));
        rest = &quoted[end + 1..];
        match rest.as_bytes()[0] {
            b'\n' => lines.push(std::mem::take(&mut line)),
            mark => assert_eq!(mark, b','),
        }
        rest = &rest[1..];
    }
    assert_eq!(rest, "");
    lines
}

#[test]
fn a_run_is_pending_and_then_has_a_file_of_all_lines() {
    let site = stripe("");
    for kind in walk(&site, "/v1/reporting/report_types") {
        let run = start(&site, id(&kind), "").json();
        assert_eq!((&run["status"], &run["result"]), (&json!("pending"), &Value::Null));
        let run = done(&site, &run);
        assert_eq!(run["status"], "succeeded", "{run}");
        let file = site.get(run["result"]["url"].as_str().unwrap());
        assert_eq!(file.header("content-type"), Some("text/csv"));
        assert_eq!(run["result"]["size"], file.body.len());
        let table = table(text(&file));
        assert_eq!(json!(table[0]), kind["default_columns"], "{}", id(&kind));
        assert!(table.len() > 2, "{}", id(&kind));
        assert_eq!(site.get(&format!("{RUNS}?limit=1")).json()["data"][0], run);
    }
    let types = site.get("/v1/events?type=reporting.report_run.succeeded").json();
    assert_eq!(types["data"].as_array().unwrap().len(), 7);
}

#[test]
fn an_itemized_report_has_the_transactions_of_its_interval() {
    let site = stripe("");
    let columns = ["net", "balance_transaction_id", "description", "customer_email"];
    let more: String =
        columns.iter().map(|column| format!("&parameters[columns][]={column}")).collect();
    let run = start(&site, "balance_change_from_activity.itemized.2", &more).json();
    let run = done(&site, &run);
    assert_eq!(run["parameters"]["columns"], json!(columns));
    let table = table(text(&site.get(run["result"]["url"].as_str().unwrap())));
    assert_eq!(table[0], columns);
    let listed =
        walk(&site, "/v1/balance_transactions?created[gte]=1790812800&created[lt]=1793491200");
    let expected = listed.iter().rev().map(|one| {
        let net = one["net"].as_i64().unwrap();
        let net = format!("{}.{:02}", net / 100, net % 100);
        let description = one["description"].as_str().unwrap_or_default();
        vec![net, id(one).to_owned(), description.to_owned()]
    });
    let shown = table[1..].iter().map(|line| line[..3].to_vec());
    assert!(shown.eq(expected));
    assert!(table.iter().any(|line| line[2].contains('\n')), "a text has a line break");
    let filtered =
        start(&site, "balance_change_from_activity.itemized.2", "&parameters[currency]=jpy");
    let run = done(&site, &filtered.json());
    let rows = table_of(&site, &run);
    assert!(rows.len() > 1 && rows[1..].iter().all(|line| line[3] == "jpy"));
}

fn table_of(site: &Site, run: &Value) -> Vec<Vec<String>> {
    table(text(&site.get(run["result"]["url"].as_str().unwrap())))
}

#[test]
fn sums_are_those_of_the_transactions() {
    let site = stripe("");
    let run = start(&site, "balance_change_from_activity.summary.1", "").json();
    let table = table_of(&site, &done(&site, &run));
    let number = |text: &String| text.replace('.', "").parse::<i64>().unwrap();
    let total: i64 =
        table.iter().filter(|line| line[0] == "total").map(|line| number(&line[5])).sum();
    let listed =
        walk(&site, "/v1/balance_transactions?created[gte]=1790812800&created[lt]=1793491200");
    assert_eq!(total, listed.iter().map(|one| one["net"].as_i64().unwrap()).sum::<i64>());
}

#[test]
fn some_reports_fail_and_say_why() {
    let site = stripe("--failing-report tax.transactions.itemized.2");
    let run = done(&site, &start(&site, "tax.transactions.itemized.2", "").json());
    assert_eq!((&run["status"], &run["result"]), (&json!("failed"), &Value::Null));
    assert!(run["error"].as_str().unwrap().contains("could not be made"));
    let event = site.get("/v1/events?limit=1").json()["data"][0].clone();
    assert_eq!(event["type"], "reporting.report_run.failed");
    assert_eq!(event["data"]["object"], run);
}

#[test]
fn the_same_idempotency_key_starts_one_run() {
    let site = stripe("");
    let form = format!("report_type=balance.summary.1&{OCTOBER}");
    let post =
        |key| id(&site.send("POST", RUNS, &[("idempotency-key", key)], &form).json()).to_owned();
    let first = post("a");
    assert_eq!(post("a"), first);
    assert_ne!(post("b"), first);
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let site = stripe("");
    let types = site.get("/v1/reporting/report_types/balance.summary.1").json();
    let end = types["data_available_end"].as_u64().unwrap();
    assert_eq!(end, 1_793_491_200);
    assert!(types["data_available_start"].as_u64() < Some(end));
    for (form, param) in [
        ("report_type=wishes.1".to_owned(), "report_type"),
        (OCTOBER.to_owned(), "report_type"),
        ("report_type=balance.summary.1".to_owned(), "parameters[interval_start]"),
        (
            format!("report_type=balance.summary.1&{OCTOBER}&parameters[columns][]=wishes"),
            "parameters[columns]",
        ),
        (format!("report_type=balance.summary.1&{OCTOBER}&colour=red"), "colour"),
        (
            format!(
                "report_type=balance.summary.1&parameters[interval_start]=0&parameters[interval_end]={end}"
            ),
            "parameters[interval_end]",
        ),
    ] {
        let reply = site.send("POST", RUNS, &[], &form);
        assert_eq!((reply.status, &reply.json()["error"]["param"]), (400, &json!(param)), "{form}");
    }
    assert_eq!(site.get("/v1/files/file_1/contents").status, 404);
}
