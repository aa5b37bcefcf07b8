//! Issues and what is said and done about them.

use mock_api::Server;
use serde_json::{Value, json};

use crate::{check_served, github, github_with, served};

fn acme() -> Value {
    json!({"organizations": ["acme"]})
}

/// The fake GitHub with so many rows of a small list.
fn with_rows(list: &str, rows: u32) -> Server {
    github_with(|options| options.github.sizes.rows = vec![(list.to_owned(), rows)])
}

/// What a further run asks for, behind the repository's path.
fn asked_again(github: &Server, stream: &str, state: &Value) -> Vec<String> {
    github.take_requests();
    served(github, stream, &acme(), Some(state));
    let requests = github.take_requests();
    let asked = |line: &String| {
        let path = line.split_once("/acme/widgets/")?.1;
        Some(path.split(['?', ' ']).next()?.to_owned())
    };
    requests.iter().filter_map(asked).collect()
}

#[test]
fn issues() {
    check_served("issues");
}

#[test]
fn labels() {
    check_served("labels");
}

#[test]
fn issue_events() {
    check_served("issue_events");
}

#[test]
fn events() {
    check_served("events");
}

#[test]
fn issue_reactions() {
    check_served("issue_reactions");
}

#[test]
fn issue_comment_reactions() {
    check_served("issue_comment_reactions");
}

#[test]
fn sub_issues() {
    check_served("sub_issues");
}

#[test]
fn issue_timeline_events() {
    check_served("issue_timeline_events");
}

#[test]
fn issue_types() {
    check_served("issue_types");
}

#[test]
fn issue_events_are_read_until_one_is_older_than_the_bookmark() {
    let github = with_rows("issue_events", 250);
    let first = served(&github, "issue_events", &acme(), None);
    assert_eq!(first.records("issue_events").len(), 250);
    let state = first.state().expect("a run ends with a STATE");
    assert_eq!(asked_again(&github, "issue_events", &state), ["issues/events"]);
}

#[test]
fn a_gap_between_the_events_of_two_runs_is_told() {
    let github = with_rows("events", 350);
    let gaps = |state: Option<&Value>| {
        let read = served(&github, "events", &acme(), state);
        (read.records("events").len(), read.log().contains("[PAGE07]"), read.state())
    };
    let (records, told, state) = gaps(None);
    assert_eq!(
        (records, told),
        (300, false),
        "the first run misses nothing that it could have had"
    );
    assert!(!gaps(state.as_ref()).1, "the second one begins where the first one ended");
    let mut state = state.expect("a run ends with a STATE");
    let bookmark = &mut state["bookmarks"]["events"]["partitions"]["acme/widgets"];
    bookmark["replication_key_value"] = json!("2010-01-01T00:00:00Z");
    let (records, told, _) = gaps(Some(&state));
    assert_eq!((records, told), (300, true));
}

#[test]
fn what_is_asked_for_issue_by_issue_is_asked_for_those_that_changed() {
    let github = github();
    let check = |stream: &str, asked: &[&str]| {
        let state = served(&github, stream, &acme(), None).state();
        let state = state.expect("a run ends with a STATE");
        assert_eq!(asked_again(&github, stream, &state), asked);
    };
    check("issue_timeline_events", &["issues", "issues/5/timeline"]);
    check("sub_issues", &["issues", "issues/5/sub_issues"]);
}
