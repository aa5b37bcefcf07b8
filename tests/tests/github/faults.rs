//! Answers that are cut on the way, wherever: nothing of them is used, and they are asked for again.
//! All other faults are rows of the matrix.

use serde_json::json;
use singer_tap_tests::{Mock, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];

/// The second page is cut there, once.
fn check(framing: &str, at: u32) {
    let mock = Mock::start("--repos 1 --issues 210 --pulls 20");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues", "page": 2}, "times": 1,
        "fault": {"kind": "cut", "at": at, "framing": framing}}]));
    let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0);
    let output = run.output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&output]), [""; 0], "{framing} {at}");
    assert_eq!(output.records("issues").len(), 210, "{framing} {at}: a row came twice");
    assert_eq!(run.summary("retry"), 1, "{framing} {at}: {}", run.log());
    assert_eq!(run.summary("requests"), 5, "{framing} {at}: {}", run.log());
}

#[test]
fn a_body_that_is_cut_is_asked_for_again() {
    for framing in ["length", "chunked", "close"] {
        for at in [0, 1, 5_000] {
            check(framing, at);
        }
    }
}
