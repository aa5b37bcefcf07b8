//! What the tap makes of an account that changes, over a fake Stripe in this process.

mod accounts;
mod changes;
mod conformance;
mod lists;
mod permissions;
mod reports;
mod states;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::{Messages, Subject};
use tap_stripe::TapStripe;

const KEY: &str = "sk_test_0fTheTestZk3q8WvpT5r9LxQ2aa";
/// When the account's clock begins.
const NOW: &str = "2026-11-20T12:00:00Z";

/// The fake Stripe with a few rows of everything, its clock standing still; more options.
fn stripe(options: &str) -> Server {
    let options = format!(
        "stripe --token {KEY} --still --date {NOW} --charges 30 --customers 9 --invoices 9 --subscriptions 6 {options}"
    );
    Server::start(Options::of(&options)).expect("a port of the loopback interface is free")
}

/// The settings of the tap for this server, and more of them.
fn config(stripe: &Server, more: &Value) -> Value {
    let mut config = json!({
        "api_url_base": stripe.url(), "client_secret": KEY, "max_requests_per_second": 10_000});
    for (name, value) in more.as_object().into_iter().flatten() {
        config[name] = value.clone();
    }
    config
}

/// Reads a stream.
fn read(stripe: &Server, stream: &str, more: &Value, state: Option<&Value>) -> Messages {
    singer_test::read::<TapStripe>(stream, &Subject::new(config(stripe, more)), state)
}

/// The same, whole.
#[track_caller]
fn read_well(stripe: &Server, stream: &str, state: Option<&Value>) -> Messages {
    let messages = read(stripe, stream, &json!({}), state);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    messages
}

/// Asks the server for something under `/_mock/`, and gives what it says.
fn admin(stripe: &Server, method: &str, what: &str) -> String {
    let address = stripe.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the server listens");
    let head =
        format!("{method} /_mock/{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

/// Changes the account; at least one object of it.
#[track_caller]
fn change(stripe: &Server, what: &str) {
    let told = admin(stripe, "POST", what);
    assert!(!told.contains("\"changed\": 0") && !told.contains("\"changed\":0"), "{what}: {told}");
}

/// Lets so many minutes pass.
fn pass(stripe: &Server, minutes: u64) {
    change(stripe, &format!("clock?advance={}", minutes * 60));
}

/// What the account holds of a stream, by id.
fn truth(stripe: &Server, stream: &str) -> BTreeMap<String, Value> {
    let lines = admin(stripe, "GET", &format!("truth?resource={stream}"));
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"));
    rows.map(|row| (row["id"].as_str().expect("an id").to_owned(), row)).collect()
}

/// The ids of records.
fn ids(records: &[Value]) -> BTreeSet<String> {
    records.iter().filter_map(|record| record["id"].as_str()).map(str::to_owned).collect()
}

/// The last record of each id, as a target that replaces rows keeps it.
fn table(runs: &[&Messages], stream: &str) -> BTreeMap<String, Value> {
    let records = runs.iter().flat_map(|run| run.records(stream));
    records.map(|record| (record["id"].as_str().expect("an id").to_owned(), record)).collect()
}

/// The requests of the tap since they were asked for the last time.
fn requests(stripe: &Server) -> Vec<String> {
    let asked = stripe.take_requests();
    asked.into_iter().filter(|request| !request.contains("/_mock/")).collect()
}
