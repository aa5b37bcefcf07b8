//! The fault matrix: one table, each row of which `tap-github` meets or says why not.
//!
//! What happens to answers is tried in this process, in which nobody waits; what happens to a process
//! is tried on the built one. `cargo test -p singer-tap-tests --test matrix -- --nocapture` prints the
//! table.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

use std::process::Stdio;
use std::time::{Duration, Instant};

use mock_api::{Options, Server};
use serde_json::json;
use singer_tap_tests::{Mock, Run, TOKEN, Tap, missing};
use singer_test::{Subject, fault};
use tap_github::TapGithub;

const REPOS: [&str; 1] = ["acme/widgets"];

/// Three pages of issues, the last of which holds one.
fn in_process() -> fault::Outcomes {
    let mut options = Options::default();
    options.github.repos = Some(1);
    options.github.sizes.issues = 201;
    let github = Server::start(options).unwrap();
    let config = json!({"api_url_base": github.url(), "auth_token": TOKEN, "repositories": REPOS});
    fault::examine::<TapGithub>(&Subject::new(config), "issues")
}

fn tap<'a>(mock: &'a Mock) -> Tap<'a> {
    Tap::of(mock, &REPOS).args("--select issues")
}

/// A server whose third page of issues never comes.
fn stalled() -> Mock {
    let mock = Mock::start("--repos 1 --issues 450");
    mock.faults(&json!([{"match": {"path": "/repositories/*/issues", "page": 3},
        "fault": {"kind": "stall"}}]));
    mock
}

fn signalled(mock: &Mock, signal: &str) -> Run {
    let mut running = tap(mock).start();
    // SCHEMA, the first STATE, and those of two pages.
    (0..3).for_each(|_| running.read_to_line("STATE"));
    let start = Instant::now();
    running.signal(signal);
    let run = running.finish();
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    run
}

/// A run of the built tap, and whether the next one is to bring the rest.
fn process(name: &str, mock: &Mock) -> (Run, bool) {
    match name {
        "proxy" => {
            mock.faults(&json!([{"fault": {"kind": "status", "status": 407}}]));
            let elsewhere = Tap::bare()
                .with("api_url_base", "https://api.example")
                .with("auth_token", TOKEN)
                .with("repositories", json!(REPOS));
            (elsewhere.env("HTTPS_PROXY", mock.url()).args("--select issues").run(), false)
        }
        "reader" => {
            let mut running = tap(mock).start();
            running.read_to_line("STATE");
            running.close();
            (running.wait(), true)
        }
        "full" => {
            let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            (tap(mock).start_into(Stdio::from(full)).finish(), false)
        }
        "rejects" => (tap(mock).with("rejects", "file:/dev/null/rejects.jsonl").run(), false),
        "terminated" => (signalled(mock, "TERM"), true),
        "interrupted" => (signalled(mock, "INT"), true),
        other => panic!("nobody tries `{other}`"),
    }
}

#[test]
fn each_row_of_the_matrix_that_can_be_met_is() {
    let mut outcomes = in_process();
    outcomes.try_processes(|name, row| {
        let mock =
            if name.ends_with("ed") { stalled() } else { Mock::start("--repos 1 --issues 450") };
        let (run, is_resumed) = process(name, &mock);
        let mut failures = Vec::new();
        if run.code != Some(i32::from(row.ends.code())) {
            failures.push(format!("it ends with {:?}: {}", run.code, run.log()));
        }
        if !row.id.is_empty() && run.told(&format!("[{}]", row.id)).is_empty() {
            failures.push(format!("[{}] is not told: {}", row.id, run.log()));
        }
        if is_resumed {
            mock.heal();
            let first = run.output().until_last_state();
            let second = tap(&mock).state(first.last_state()).run().ends_with(0).output();
            failures.extend(missing(&mock, "issues", &REPOS, &[&first, &second]));
        }
        failures
    });
    outcomes.show();
    outcomes.assert();
    assert!(outcomes.tried() >= 70, "only {} rows were tried", outcomes.tried());
}
