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

#[test]
fn a_bookmark_stays_a_minute_behind_the_servers_clock_where_rows_may_show_late() {
    let mock = Mock::start("--repos 1 --issues 120 --pulls 110 --date 2026-11-01T00:02:00Z");
    // From a minute past midnight on, a second apart.
    mock.post("touch?repo=acme/widgets&resource=pull_requests&count=60");
    let tap = |state: Option<&Value>| {
        Tap::of(&mock, &REPOS).args("--select issues --select pull_requests").state(state)
    };
    let first = tap(None).run().ends_with(0).output();
    let second = tap(first.last_state()).run().ends_with(0).output();
    for stream in ["issues", "pull_requests"] {
        let bookmark = first.bookmark(stream, "acme/widgets");
        let minute = Some("2026-11-01T00:01:00Z")..Some("2026-11-01T00:01:40Z");
        assert!(minute.contains(&bookmark), "{stream}: {bookmark:?}");
        assert!(second.records(stream).len() > 15, "{stream}: what was read early is read again");
        assert_eq!(missing(&mock, stream, &REPOS, &[&first, &second]), [""; 0]);
    }
}
