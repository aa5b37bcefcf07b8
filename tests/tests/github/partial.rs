//! A part of the source is missing: the rest is read, and the bookmark of what is missing stays.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Tap, missing};

const REPOS: [&str; 3] = ["acme/widgets", "acme/gadgets", "acme/gizmos"];
const OLD: &str = "2024-05-06T07:08:09Z";

fn state() -> Value {
    let bookmark =
        json!({"replication_key": "updated_at", "replication_key_value": OLD, "intervals": []});
    json!({"bookmarks": {
        "issues": {"partitions": {"acme/gizmos": bookmark.clone()}},
        "pull_requests": {"partitions": {"acme/gizmos": bookmark}},
    }})
}

/// With `acme/gizmos` broken as the script says, the other two are complete.
fn check(script: &Value, id: &str, skipped: usize) {
    let mock = Mock::start("--issues 120 --pulls 30");
    mock.faults(script);
    let tap = Tap::of(&mock, &REPOS).args("--select issues --select pull_requests");
    let run = tap.state(Some(&state())).run().ends_with(6);
    let told = run.told(&format!("WARNING [{id}] skipped acme/gizmos"));
    assert_eq!(told.len(), skipped, "{}", run.log());
    assert!(told.iter().all(|line| line.contains("Its bookmark stays")), "{}", run.log());
    let output = run.output();
    for stream in ["issues", "pull_requests"] {
        assert_eq!(output.bookmark(stream, "acme/gizmos"), Some(OLD));
        assert_eq!(missing(&mock, stream, &REPOS[..2], &[&output]), [""; 0]);
    }
    mock.heal();
    let tap = Tap::of(&mock, &REPOS).args("--select issues --select pull_requests");
    let second = tap.state(output.last_state()).run().ends_with(0).output();
    assert!(second.bookmark("issues", "acme/gizmos") > Some(OLD));
}

fn every(path: &str, status: u16, message: &str) -> Value {
    let body = json!({"message": message}).to_string();
    json!([{"match": {"path": path}, "fault": {"kind": "status", "status": status, "body": body}}])
}

#[test]
fn a_repository_that_is_gone_leaves_the_others_complete() {
    check(&every("/repos/acme/gizmos", 404, "Not Found"), "PERM03", 1);
}

#[test]
fn lists_that_are_gone_or_forbidden_leave_the_others_complete() {
    check(&every("/repos/acme/gizmos/*", 404, "Not Found"), "PERM03", 2);
    check(&every("/repos/acme/gizmos/*", 403, "Resource not accessible"), "PERM01", 2);
    check(&every("/repos/acme/gizmos/*", 451, "Repository access blocked"), "PERM04", 2);
}

#[test]
fn a_missing_answer_that_comes_once_is_asked_for_again() {
    let mock = Mock::start("--issues 20");
    mock.faults(&json!([{"match": {"path": "/repos/acme/gizmos"}, "nth": 1,
        "fault": {"kind": "status", "status": 404}}]));
    let output = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0).output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&output]), [""; 0]);
}

#[test]
fn a_repository_that_is_not_there_at_all_ends_with_6() {
    let mock = Mock::start("--repos 1 --issues 20");
    let run = Tap::of(&mock, &["acme/nowhere"]).args("--select issues").run().ends_with(6);
    assert_eq!(run.told("[PERM03] skipped acme/nowhere").len(), 1, "{}", run.log());
}

#[test]
fn a_broken_stream_leaves_the_others_complete() {
    let mock = Mock::start("--issues 120 --pulls 30");
    mock.faults(&json!([{"match": {"path": "/repos/*/*/pulls"}, "fault": {"kind": "html"}}]));
    let tap = Tap::of(&mock, &REPOS).args("--select issues --select pull_requests");
    let mut state = state();
    state["bookmarks"]["issues"] = Value::Null;
    let run = tap.state(Some(&state)).run().ends_with(6);
    let given_up = run.given_up("BODY03");
    assert!(!given_up.is_empty(), "{}", run.log());
    assert!(given_up.iter().all(|line| line.contains("`pull_requests`")), "{}", run.log());
    let output = run.output();
    assert_eq!(output.records("pull_requests").len(), 0);
    assert_eq!(output.bookmark("pull_requests", "acme/gizmos"), Some(OLD));
    assert_eq!(missing(&mock, "issues", &REPOS, &[&output]), [""; 0]);
}

#[test]
fn a_stream_that_is_broken_everywhere_is_given_up_after_a_few_partitions() {
    let mock = Mock::start("--repos 8 --issues 20 --pulls 5");
    mock.faults(&every("/repos/*/*/pulls", 422, "Validation Failed"));
    let tap = Tap::of(&mock, &["acme/*"]).with("concurrency", 1);
    let run = tap.args("--select issues --select pull_requests").run().ends_with(6);
    assert_eq!(run.given_up("API01").len(), 5, "{}", run.log());
    let asked = mock.requests();
    assert_eq!(asked["patterns"]["/repos/{owner}/{repo}/pulls"], 5, "the others are not asked for");
    assert_eq!(run.output().records("issues").len(), 160);
}

#[test]
fn an_empty_repository_is_no_fault() {
    let mock = Mock::start(
        "--repo acme/widgets:issues=0,commits=0,labels=0,milestones=0,releases=0,stars=0,pulls=0",
    );
    let empty = "repositories issues issue_comments pull_requests commits labels milestones \
                 releases stargazers_rest reviews commit_diffs";
    let select: String = empty.split_whitespace().map(|name| format!("--select {name} ")).collect();
    let run = Tap::of(&mock, &REPOS[..1]).args(&select).run().ends_with(0);
    assert_eq!(run.output().of_type("RECORD").count(), 1, "the repository itself");
    assert_eq!(run.warnings(), [""; 0]);
}
