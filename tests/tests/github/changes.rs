//! The source changes while it is read.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Tap, missing, until};

const REPOS: [&str; 1] = ["acme/widgets"];

/// Changes rows between the first page and the second: this run and the next bring all of them.
fn check(stream: &str, path: &str, changes: &[&str]) {
    let mock = Mock::start("--repo acme/widgets:issues=260,pulls=230,commits=210");
    let down = json!({"kind": "status", "status": 503});
    mock.faults(&json!([{"match": {"path": path}, "from": 2, "fault": down}]));
    let tap = |state: Option<&Value>| {
        Tap::of(&mock, &REPOS)
            .args("--select")
            .args(stream)
            .args("--select repositories")
            .state(state)
    };
    let running = tap(None).start();
    let first = std::thread::scope(|scope| {
        let first = scope.spawn(|| running.finish().ends_with(0).output());
        until("the second page to fail", || mock.requests()["statuses"]["503 (status)"].as_u64());
        for change in changes {
            mock.post(&format!("{change}&repo=acme/widgets&resource={stream}"));
        }
        mock.heal();
        first.join().unwrap()
    });
    let second = tap(first.last_state()).run().ends_with(0).output();
    let mut lost = missing(&mock, stream, &REPOS, &[&first, &second]);
    // A row may have come before it was deleted.
    lost.retain(|row| !row.ends_with("instead of None"));
    assert_eq!(lost, [""; 0]);
}

#[test]
fn issues_that_change_or_go_while_they_are_read_hide_no_other() {
    check("issues", "**/issues", &["touch?count=20", "delete?count=9", "create?count=3"]);
}

#[test]
fn comments_that_change_or_go_while_they_are_read_hide_no_other() {
    check(
        "issue_comments",
        "**/issues/comments",
        &["touch?count=20", "delete?count=9", "create?count=3"],
    );
}

#[test]
fn pull_requests_that_change_while_they_are_read_hide_no_other() {
    check("pull_requests", "**/pulls", &["touch?count=20", "create?count=3"]);
}

#[test]
fn commits_that_come_while_they_are_read_hide_no_other() {
    check("commits", "**/commits", &["create?count=120"]);
}
