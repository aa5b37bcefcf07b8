//! Answers that are broken on the way: nothing of them is used, and they are asked for again.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Run, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];

fn mock(script: &Value) -> Mock {
    let mock = Mock::start("--repos 1 --issues 210 --pulls 20");
    mock.faults(script);
    mock
}

fn read(mock: &Mock, state: Option<&Value>) -> Run {
    Tap::of(mock, &REPOS).args("--select issues").state(state).run()
}

fn page_2() -> Value {
    json!({"path": "/repositories/*/issues", "page": 2})
}

/// The second page is broken so many times, then whole.
fn healed(fault: &Value, times: u64) {
    let mock = mock(&json!([{"match": page_2(), "times": times, "fault": fault}]));
    let run = read(&mock, None).ends_with(0);
    let output = run.output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&output]), [""; 0], "{fault}");
    assert_eq!(output.records("issues").len(), 210, "{fault}: a row came twice");
    assert_eq!(run.summary("retries"), times, "{fault}: {}", run.log());
    assert_eq!(run.summary("requests"), 4 + times, "{fault}: {}", run.log());
}

/// The second page is always broken: the first stays, and the next run goes on.
fn broken(fault: &Value, code: i32, id: &str) {
    let mock = mock(&json!([{"match": page_2(), "fault": fault}]));
    let run = read(&mock, None).ends_with(code);
    assert_eq!(run.given_up(id).len(), 1, "{fault}: {}", run.log());
    let first = run.output();
    assert_eq!(first.records("issues").len(), 100, "{fault}");
    mock.heal();
    let second = read(&mock, first.last_state()).ends_with(0).output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&first, &second]), [""; 0], "{fault}");
}

#[test]
fn a_body_that_is_cut_is_asked_for_again() {
    for framing in ["length", "chunked", "close"] {
        for at in [0, 1, 5_000] {
            healed(&json!({"kind": "cut", "at": at, "framing": framing}), 1);
        }
    }
}

#[test]
fn a_body_of_another_length_than_told_is_asked_for_again() {
    healed(&json!({"kind": "wrong_length", "delta": 100}), 1);
    healed(&json!({"kind": "wrong_length", "delta": -100}), 2);
}

#[test]
fn something_else_than_json_is_asked_for_again() {
    healed(&json!({"kind": "html"}), 2);
    healed(&json!({"kind": "empty"}), 1);
    healed(&json!({"kind": "status", "status": 204}), 1);
}

#[test]
fn json_that_is_none_is_asked_for_again() {
    healed(&json!({"kind": "replace", "find": "\"id\":", "with": "\"id\":NaN,"}), 1);
    healed(&json!({"kind": "replace", "find": "[", "with": "[["}), 1);
    healed(&json!({"kind": "mangle", "pointer": "", "value": {"message": "hello"}}), 1);
}

#[test]
fn a_connection_that_breaks_and_a_server_that_fails_are_tried_again() {
    healed(&json!({"kind": "reset"}), 2);
    healed(&json!({"kind": "reset", "after": 100}), 1);
    for status in [500, 502, 503, 504] {
        healed(&json!({"kind": "status", "status": status}), 1);
    }
    healed(&json!({"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"}), 2);
}

#[test]
fn a_page_that_is_always_broken_ends_the_stream_and_loses_nothing() {
    broken(&json!({"kind": "cut", "at": 3_000}), 4, "BODY01");
    broken(&json!({"kind": "cut", "at": 3_000, "framing": "close"}), 4, "BODY01");
    broken(&json!({"kind": "html"}), 4, "BODY03");
    broken(&json!({"kind": "empty"}), 4, "BODY04");
    broken(&json!({"kind": "replace", "find": "\"id\":", "with": "\"id\":NaN,"}), 4, "BODY02");
}

#[test]
fn a_request_that_the_api_calls_wrong_is_not_repeated() {
    broken(
        &json!({"kind": "status", "status": 422, "body": "{\"message\":\"Validation Failed\"}"}),
        1,
        "API01",
    );
}

#[test]
fn a_decompression_bomb_is_given_up_at_its_cap() {
    broken(&json!({"kind": "bomb", "mebibytes": 64}), 7, "CAP02");
}
