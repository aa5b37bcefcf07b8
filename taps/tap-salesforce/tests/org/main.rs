//! What the tap makes of an org that changes, over a fake Salesforce in this process.

mod bulk;
mod conformance;
mod deletions;
mod discovery;
mod logins;
mod quotas;
mod reading;
mod states;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::{Messages, Subject};
use tap_salesforce::TapSalesforce;

const SECRET: &str = "client-secret-0fTheTestZk3q8W";
const REFRESH: &str = "5Aep861-refresh-0fTheTest-x9Q";
/// When the org's clock begins.
const NOW: &str = "2026-11-24T15:00:00Z";

/// The fake Salesforce with a few rows of everything, its clock standing still; more options.
fn salesforce(options: &str) -> Server {
    let options = format!("salesforce --still --now {NOW} --date {NOW} {options}");
    Server::start(Options::of(&options)).expect("a port of the loopback interface is free")
}

/// The settings of the tap for this server, and more of them; null takes one away.
fn config(org: &Server, more: &Value) -> Value {
    let mut config = json!({
        "instance_url": org.url(), "client_id": "the-app", "client_secret": SECRET,
        "refresh_token": REFRESH, "max_requests_per_second": 10_000});
    for (name, value) in more.as_object().into_iter().flatten() {
        config[name] = value.clone();
    }
    if let Some(settings) = config.as_object_mut() {
        settings.retain(|_, value| !value.is_null());
    }
    config
}

/// Reads an object.
fn read(org: &Server, object: &str, more: &Value, state: Option<&Value>) -> Messages {
    singer_test::read::<TapSalesforce>(object, &Subject::new(config(org, more)), state)
}

/// The same of a run that may end before it begins.
fn attempt(org: &Server, object: &str, more: &Value) -> Messages {
    singer_test::run::<TapSalesforce>(&["--select", object], &Subject::new(config(org, more)))
}

/// The same, whole.
#[track_caller]
fn read_well(org: &Server, object: &str, more: &Value, state: Option<&Value>) -> Messages {
    let messages = read(org, object, more, state);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    messages
}

/// Asks the server for something under `/_mock/`, and gives what it says.
fn admin(org: &Server, method: &str, what: &str, body: &str) -> String {
    let address = org.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the server listens");
    let length = body.len();
    let request = format!(
        "{method} /_mock/{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

/// Changes the org.
fn change(org: &Server, what: &str) {
    admin(org, "POST", what, "");
}

/// Lets faults happen, of a script.
fn faults(org: &Server, script: &Value) {
    admin(org, "POST", "faults", &script.to_string());
}

/// Lets so many minutes pass.
fn pass(org: &Server, minutes: u64) {
    change(org, &format!("clock?advance={}", minutes * 60));
}

/// What the org holds of an object, by identifier, with these fields.
fn truth(org: &Server, object: &str, fields: &str) -> BTreeMap<String, Value> {
    let lines = admin(org, "GET", &format!("truth?object={object}&fields={fields}"), "");
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    rows.map(|row| (row["Id"].as_str().expect("an id").to_owned(), row)).collect()
}

/// The last record of each identifier, as a target that replaces rows keeps it.
fn table(runs: &[&Messages], object: &str) -> BTreeMap<String, Value> {
    let records = runs.iter().flat_map(|run| run.records(object));
    records.map(|record| (record["Id"].as_str().expect("an id").to_owned(), record)).collect()
}

/// Checks that runs have brought what the org holds, field by field.
#[track_caller]
fn check_table(org: &Server, runs: &[&Messages], object: &str, fields: &str) {
    let (found, expected) = (table(runs, object), truth(org, object, fields));
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>(),
        "the records of {object}"
    );
    for (id, row) in &expected {
        for (field, value) in row.as_object().into_iter().flatten() {
            assert_eq!(&found[id][field], value, "{field} of {id}");
        }
    }
}

/// The requests of the tap since they were asked for the last time, without those of logins.
fn requests(org: &Server) -> Vec<String> {
    let asked = org.take_requests();
    asked.into_iter().filter(|request| !request.contains("/_mock/")).collect()
}

/// How many of them have this in them.
fn count(requests: &[String], part: &str) -> usize {
    requests.iter().filter(|request| request.contains(part)).count()
}
