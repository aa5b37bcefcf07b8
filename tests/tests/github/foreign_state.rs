//! States of other clients: their bookmarks are taken on.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Output, Tap, known};

const REPOS: [&str; 2] = ["acme/widgets", "acme/gadgets"];
const STREAMS: [&str; 3] = ["issues", "pull_requests", "issue_comments"];

/// A bookmark in the middle of a stream's rows of `acme/widgets`.
fn middle(mock: &Mock, stream: &str) -> String {
    let mut rows = known(stream).unwrap().rows(mock, "acme/widgets").unwrap();
    rows.sort_by_key(|row| row.at);
    rows[rows.len() / 2].at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// How many rows of a repository are not older than an instant.
fn count_since(mock: &Mock, stream: &str, repo: &str, since: &str) -> usize {
    let rows = known(stream).unwrap().rows(mock, repo).unwrap();
    rows.iter()
        .filter(|row| row.at.format("%Y-%m-%dT%H:%M:%SZ").to_string().as_str() >= since)
        .count()
}

fn check(bookmarks: impl Fn(&dyn Fn(&str) -> String) -> Value) {
    let mock = Mock::start("--repos 2 --issues 150 --pulls 120");
    let state = bookmarks(&|stream| middle(&mock, stream));
    let tap = Tap::of(&mock, &REPOS)
        .args("--select issues --select pull_requests --select issue_comments");
    let output = tap.state(Some(&state)).run().ends_with(0).output();
    for stream in STREAMS {
        let since = middle(&mock, stream);
        // A list that goes on by its key may bring the row at the end of a page twice.
        let of = |output: &Output, repo: &str| {
            let rows = output.records(stream).into_iter().filter(|record| record["repo"] == repo);
            rows.map(|record| record["id"].as_i64()).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(
            of(&output, "widgets"),
            count_since(&mock, stream, REPOS[0], &since),
            "{stream} {state}"
        );
        assert_eq!(
            of(&output, "gadgets"),
            count_since(&mock, stream, REPOS[1], ""),
            "{stream} {state}"
        );
    }
}

#[test]
fn the_list_of_contexts_that_singer_sdk_keeps_is_read() {
    check(|middle| {
        let stream = |name: &str| {
            json!({"partitions": [
                {"context": {"org": "acme", "repo": "widgets", "repo_id": 50_000_167},
                 "replication_key": "updated_at", "replication_key_value": middle(name),
                 "starting_replication_value": "2020-01-01T00:00:00Z"},
                {"context": {"org": "acme", "repo": "gadgets", "repo_id": 7}}
            ]})
        };
        json!({"bookmarks": {
            "issues": stream("issues"),
            "pull_requests": stream("pull_requests"),
            "issue_comments": stream("issue_comments"),
            "traffic_clones": {"partitions": [{"context": {"org": "acme", "repo": "widgets"}}]},
        }})
    });
}

#[test]
fn the_since_of_singer_io_is_read() {
    check(|middle| {
        json!({"currently_syncing": null, "bookmarks": {"acme/widgets": {
            "issues": {"since": middle("issues")},
            "pull_requests": {"since": middle("pull_requests")},
            "issue_comments": {"since": middle("issue_comments")},
        }}})
    });
}

#[test]
fn a_whole_state_message_of_ours_and_bookmarks_of_unknown_streams_are_read_and_kept() {
    check(|middle| {
        let stream = |name: &str| {
            json!({"partitions": {"acme/widgets": {
                "replication_key": "updated_at", "replication_key_value": middle(name), "intervals": []}}})
        };
        json!({"type": "STATE", "value": {"tap": {"name": "tap-github", "state_version": 1}, "bookmarks": {
            "issues": stream("issues"),
            "pull_requests": stream("pull_requests"),
            "issue_comments": stream("issue_comments"),
        }}})
    });
    let mock = Mock::start("--repos 1 --issues 2");
    let state = json!({"mark": 1, "bookmarks": {"dependents": {"since": "2026-01-01T00:00:00Z"}}});
    let tap = Tap::of(&mock, &REPOS[..1]).args("--select issues").state(Some(&state));
    let output = tap.run().ends_with(0).output();
    let last = output.last_state().unwrap();
    assert_eq!(last["mark"], 1);
    assert_eq!(last["bookmarks"]["dependents"], state["bookmarks"]["dependents"]);
}

#[test]
fn a_bookmark_in_the_future_is_told_and_stays() {
    let mock = Mock::start("--repos 1 --issues 20 --pulls 10");
    let bookmark = json!({"partitions": {"acme/widgets": {
        "replication_key": "updated_at", "replication_key_value": "2099-01-01T00:00:00Z", "intervals": []}}});
    let state =
        json!({"bookmarks": {"issues": bookmark.clone(), "pull_requests": bookmark.clone()}});
    let tap = Tap::of(&mock, &REPOS[..1]).args("--select issues --select pull_requests");
    let run = tap.state(Some(&state)).run().ends_with(0);
    assert_eq!(run.told("[STATE02]").len(), 2, "{}", run.log());
    let output = run.output();
    assert_eq!(output.of_type("RECORD").count(), 0);
    assert_eq!(output.last_state().unwrap()["bookmarks"]["issues"], bookmark);
    assert_eq!(output.last_state().unwrap()["bookmarks"]["pull_requests"], bookmark);
}

#[test]
fn a_start_date_holds_where_there_is_no_bookmark() {
    let mock = Mock::start("--repos 1 --issues 150 --pulls 120 --commits 150");
    for stream in ["issues", "pull_requests", "commits", "releases"] {
        let since = "2025-06-01T00:00:00Z";
        let tap =
            Tap::of(&mock, &REPOS[..1]).with("start_date", since).args("--select").args(stream);
        let records = tap.run().ends_with(0).output().records(stream).len();
        let (part, all) =
            ["2025-06-01", ""].map(|since| count_since(&mock, stream, REPOS[0], since)).into();
        assert!(part < all, "{stream}");
        assert_eq!(records, part, "{stream}");
    }
}

#[test]
fn bookmarks_of_what_is_not_read_are_kept() {
    let mock = Mock::start("--repos 1 --issues 20 --pulls 10");
    let entry = |key: &str| json!({"replication_key": key, "replication_key_value": "2025-01-01T00:00:00Z", "intervals": []});
    let state = json!({"bookmarks": {
        "pull_requests": {"partitions": {"acme/widgets": entry("updated_at")}},
        "commits": {"partitions": {"acme/gone": entry("commit_timestamp")}},
        "issues": {"partitions": {"acme/gone": entry("updated_at")}},
    }});
    let tap = Tap::of(&mock, &REPOS[..1]).args("--select issues").state(Some(&state));
    let output = tap.run().ends_with(0).output();
    for (stream, partition) in
        [("pull_requests", "acme/widgets"), ("commits", "acme/gone"), ("issues", "acme/gone")]
    {
        assert_eq!(output.bookmark(stream, partition), Some("2025-01-01T00:00:00Z"), "{stream}");
    }
    assert!(output.bookmark("issues", "acme/widgets").is_some());
}
