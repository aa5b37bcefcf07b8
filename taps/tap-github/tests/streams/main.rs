//! What each stream asks for and writes: over recorded exchanges, and over the fake GitHub.

mod actions;
mod commit;
mod deployment;
mod discussion;
mod issue;
mod organization;
mod project;
mod pull;
mod recorded;
mod repository;
mod security;
mod selectors;
mod user;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::{Messages, Subject};
use tap_github::TapGithub;

const TOKEN: &str = "token-of-the-test";
/// How many records of a stream a snapshot shows.
const SHOWN: usize = 2;

/// The fake GitHub with one repository, `acme/widgets`, and a few rows of everything.
fn github() -> Server {
    github_with(|_| {})
}

/// The same with other options.
fn github_with(change: impl FnOnce(&mut Options)) -> Server {
    let mut options = Options::default();
    options.serve.tokens = vec![TOKEN.to_owned()];
    options.github.repos = Some(1);
    let sizes = &mut options.github.sizes;
    (sizes.issues, sizes.pulls, sizes.commits, sizes.stars) = (6, Some(3), 3, 3);
    (sizes.labels, sizes.milestones, sizes.releases, sizes.discussions) = (3, 3, 3, 3);
    change(&mut options);
    Server::start(options).expect("a port of the loopback interface is free")
}

/// Changes what the server has, as `/_mock/…` says; returns its answer.
fn change(github: &Server, what: &str) -> String {
    let address = github.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).expect("the server listens");
    let head =
        format!("POST /_mock/{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    answer
}

/// The requests of the tap since they were asked for the last time.
fn requests(github: &Server) -> Vec<String> {
    let asked = github.take_requests();
    asked.into_iter().filter(|request| !request.contains("/_mock/")).collect()
}

/// The settings of the tap for this server, and what they select; `api_url_base` may be a path of it.
fn settings(github: &Server, selectors: &Value) -> Value {
    let mut config = selectors.clone();
    let under = selectors["api_url_base"].as_str().unwrap_or_default();
    config["api_url_base"] = json!(format!("{}{under}", github.url()));
    config["auth_token"] = json!(TOKEN);
    config
}

/// Reads a stream over this server from a state, with these selectors.
#[track_caller]
fn served(github: &Server, stream: &str, selectors: &Value, state: Option<&Value>) -> Messages {
    let subject = Subject::new(settings(github, selectors));
    let messages = singer_test::read::<TapGithub>(stream, &subject, state);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    messages
}

/// Reads a stream of the organisation `acme`, whose one repository is `acme/widgets`, and compares
/// what it asked for, its first records and its state with the snapshot.
#[track_caller]
fn check_served(stream: &str) {
    check_selected(stream, &json!({"organizations": ["acme"]}));
}

/// The same with other selectors.
#[track_caller]
fn check_selected(stream: &str, selectors: &Value) {
    let github = github();
    let messages = served(&github, stream, selectors, None);
    let records = messages.records(stream);
    assert!(!records.is_empty(), "`{stream}` has no record");
    let mut text = String::new();
    for request in github.take_requests() {
        writeln!(text, "{request}").expect("a `String` takes any text");
    }
    let state = messages.state().expect("a run ends with a STATE");
    writeln!(text, "\n{} records, of them:", records.len()).expect("a `String` takes any text");
    for value in records.iter().take(SHOWN).chain([&state["bookmarks"]]) {
        writeln!(text, "\n{value:#}").expect("a `String` takes any text");
    }
    let text = text.replace(&github.url(), "https://github.test");
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(stream, text);
    });
}

#[test]
fn every_stream_has_a_snapshot() {
    let schemas = singer_test::schemas::<TapGithub>(&json!({"auth_token": TOKEN}));
    for line in schemas.stdout().lines() {
        let message: Value = serde_json::from_str(line).expect("a line is JSON");
        let stream = message["stream"].as_str().expect("a SCHEMA names its stream");
        let exists = |name: String| Path::new("tests/streams/snapshots").join(name).exists();
        assert!(
            exists(format!("{stream}.snap")) || exists(format!("streams__recorded__{stream}.snap")),
            "add a test of `{stream}`"
        );
    }
}
