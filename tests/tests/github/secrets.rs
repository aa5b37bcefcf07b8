//! The token is told to nobody but the API; every other test looks for it too.

use serde_json::json;
use singer_tap_tests::{Mock, TOKEN, Tap};

/// A run that tells everything that can be told.
fn loud<'a>(mock: &'a Mock) -> Tap<'a> {
    let tap = Tap::of(mock, &["acme/widgets"]).args("--select issues");
    tap.env("LOGLEVEL", "TRACE").env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full")
}

#[test]
fn the_token_is_sent_and_never_told_at_the_loudest_level() {
    let mock = Mock::start(&format!(
        "--repos 1 --issues 150 --token {TOKEN} --renamed acme/old=acme/widgets"
    ));
    mock.faults(&json!([
        {"match": {"path": "**/issues"}, "nth": 1, "fault": {"kind": "reset"}},
        {"match": {"path": "**/issues"}, "nth": 2, "fault": {"kind": "html"}},
    ]));
    loud(&mock).run().ends_with(0);
}

#[test]
fn the_token_is_not_told_when_a_server_repeats_it() {
    for (status, code) in [(401, 3), (403, 6), (422, 1), (200, 4)] {
        let mock = Mock::start("--repos 1 --issues 150");
        let body = format!("no: {TOKEN}");
        let headers = json!({"x-github-request-id": TOKEN, "x-note": TOKEN});
        mock.faults(&json!([{"match": {"path": "**/issues"}, "fault":
            {"kind": "status", "status": status, "body": body, "headers": headers}}]));
        loud(&mock).run().ends_with(code);
    }
}

#[test]
fn the_token_is_not_told_when_it_stands_in_the_wrong_place() {
    for setting in ["start_date", "api_url_base", "concurrency", "metrics_log_level", "user_agnt"] {
        Tap::bare()
            .with(setting, TOKEN)
            .with("repositories", vec!["a/b"])
            .args("--test=schema")
            .run()
            .ends_with(2);
    }
}
