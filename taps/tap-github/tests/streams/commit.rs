//! Commits and what is said about them.

use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::Subject;
use tap_github::TapGithub;

use crate::{check_served, github, settings};

#[test]
fn commit_comments() {
    check_served("commit_comments");
}

#[test]
fn commit_comment_reactions() {
    check_served("commit_comment_reactions");
}

#[test]
fn commit_diffs() {
    check_served("commit_diffs");
}

#[test]
fn commit_files() {
    check_served("commit_files");
}

#[test]
fn commit_statuses() {
    check_served("commit_statuses");
}

#[test]
fn check_runs() {
    check_served("check_runs");
}

#[test]
fn check_suites() {
    check_served("check_suites");
}

/// Reads the diffs while GitHub answers those of commits so; what it comes to, how many diffs there
/// are, the last of them, and the state.
fn diffs(answer: &Value, state: Option<&Value>) -> (Outcome, usize, Value, Value) {
    let github = github();
    let script = json!([{"match": {"path": "/repos/*/*/commits/*"}, "fault": answer}]);
    github.misbehave(&script).expect("a valid script");
    let subject = Subject::new(settings(&github, &json!({"organizations": ["acme"]})));
    let read = singer_test::read::<TapGithub>("commit_diffs", &subject, state);
    let mut records = read.records("commit_diffs");
    let (count, last) = (records.len(), records.pop().unwrap_or_default());
    (read.outcome(), count, last, read.state().expect("a run ends with a STATE"))
}

#[test]
fn a_diff_that_github_will_not_make_is_a_record_with_its_words() {
    let words = r#"{"message": "Sorry, the diff exceeded the maximum number of lines (20000)"}"#;
    for status in [406, 422] {
        let answer = json!({"kind": "status", "status": status, "body": words});
        let (outcome, count, last, _) = diffs(&answer, None);
        assert_eq!((outcome, count), (Outcome::Ok, 3));
        assert_eq!(last["success"], false);
        let told = "Sorry, the diff exceeded the maximum number of lines (20000)";
        assert_eq!(last["error_message"], told);
    }
}

#[test]
fn a_diff_that_fails_is_noted_and_becomes_a_record_where_the_next_run_fails_too() {
    let answer = json!({"kind": "status", "status": 502});
    let (outcome, count, _, state) = diffs(&answer, None);
    assert_eq!((outcome, count), (Outcome::Unavailable, 0));
    let bookmark = &state["bookmarks"]["commit_diffs"]["partitions"]["acme/widgets"];
    assert_eq!(bookmark["pending"].as_array().map(Vec::len), Some(3));

    let (outcome, count, last, _) = diffs(&answer, Some(&state));
    // The commits of the last day are asked for as new ones too.
    assert_eq!((outcome, count), (Outcome::Partial, 3));
    assert_eq!((&last["success"], &last["error_message"]), (&json!(false), &json!("Bad Gateway")));
}
