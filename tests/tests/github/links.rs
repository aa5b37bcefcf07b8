//! Where links lead: within the API, and nowhere else.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];

/// Another server, which nobody must talk to.
struct Stranger(TcpListener);

impl Stranger {
    fn listen() -> Stranger {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Stranger(listener)
    }

    fn authority(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    fn assert_nobody_came(&self) {
        let came = self.0.accept().map(|_| ());
        assert_eq!(came.map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
    }
}

/// With page 2 bent by a fault, the run ends with 7 after the pages that came.
fn refused(fault: Value, id: &str, records: usize) {
    let mock = Mock::start("--repos 1 --issues 350");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues", "page": 2}, "fault": fault}]));
    let tap = |state| Tap::of(&mock, &REPOS).args("--select issues").state(state);
    let run = tap(None).run().ends_with(7);
    assert_eq!(run.told(&format!("[{id}]")).len(), 1, "{fault}: {}", run.log());
    let first = run.output();
    assert_eq!(first.records("issues").len(), records, "{fault}");
    mock.heal();
    let second = tap(first.last_state()).run().ends_with(0).output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&first, &second]), [""; 0], "{fault}");
}

#[test]
fn a_next_link_to_another_host_is_refused_before_anything_is_sent() {
    let stranger = Stranger::listen();
    let there = stranger.authority();
    let port = there.rsplit_once(':').unwrap().1;
    for host in [
        there.clone(),
        format!("localhost:{port}"),
        format!("api.github.com@{there}"),
        format!("user:word@{there}"),
    ] {
        refused(json!({"kind": "foreign_next", "host": host}), "SEC01", 200);
    }
    stranger.assert_nobody_came();
}

#[test]
fn a_next_link_that_only_looks_like_the_own_host_is_refused() {
    let mock = Mock::start("--repos 1 --issues 350");
    let own = mock.authority();
    let port = own.rsplit_once(':').unwrap().1;
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.2:{port}"),
        format!("user@{own}"),
        "127.0.0.1".to_owned(),
    ] {
        mock.faults(&json!([{"match": {"path": "/repositories/*/issues", "page": 2},
            "fault": {"kind": "foreign_next", "host": host}}]));
        let before = mock.request_count();
        let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(7);
        assert_eq!(run.told("[SEC01]").len(), 1, "{host}: {}", run.log());
        assert_eq!(mock.request_count() - before, 3, "{host}");
    }
}

#[test]
fn a_renamed_repository_is_followed_within_the_api() {
    for is_skipped in [false, true] {
        let mock = Mock::start("--repos 1 --issues 150 --renamed acme/gears=acme/widgets");
        let tap = Tap::of(&mock, &["acme/gears"]).with("skip_parent_streams", is_skipped);
        let run = tap.args("--select issues").run().ends_with(0);
        assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
        assert_eq!(mock.requests()["statuses"]["301"], 1);
        let told = run.told("moved to");
        assert!(told.len() == 1 && told[0].contains("/repos/acme/gears"), "{}", run.log());
    }
}

#[test]
fn a_page_that_leads_back_is_refused() {
    for (back, pages) in [(0, 200), (1, 200), (2, 300)] {
        let mock = Mock::start("--repos 1 --issues 550");
        mock.faults(&json!([{"match": {"path": "/repositories/*/issues"}, "from": back.max(1),
            "fault": {"kind": "repeat_cursor", "back": back}}]));
        let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(7);
        assert_eq!(run.told("[PAGE01]").len(), 1, "{back} back: {}", run.log());
        let records = run.output().records("issues").len();
        assert_eq!(records, pages, "{back} back: {}", run.log());
    }
}

#[test]
fn a_loop_in_one_stream_leaves_the_others_complete() {
    let mock = Mock::start("--repos 1 --issues 350 --pulls 20");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues", "page": 2},
        "fault": {"kind": "repeat_cursor"}}]));
    let run = Tap::of(&mock, &REPOS).run().ends_with(6);
    let given_up = run.given_up("PAGE01");
    assert_eq!(given_up.len(), 1, "{}", run.log());
    assert!(given_up[0].contains("acme/widgets in `issues`"), "{}", given_up[0]);
    for stream in ["pull_requests", "issue_comments", "commits", "releases"] {
        assert_eq!(missing(&mock, stream, &REPOS, &[&run.output()]), [""; 0]);
    }
}
