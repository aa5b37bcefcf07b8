//! The commands that the guide shows are ones that tests run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use singer_tap_tests::{Folder, Mock, binary};

use crate::book::{Book, include, root};

/// What no test runs, since it installs things.
const SETUP: [&str; 4] = ["cargo ", "pip ", "cp ", "INSTA_UPDATE=always cargo test"];

/// Stands for a target: it takes everything and prints the states.
const TARGET: &str = "#!/bin/sh\nexec grep '^{\"type\":\"STATE\"'\n";

/// Runs a script of the quick start in a folder of its own.
fn run(script: &str, mock: &Mock, settings: &Value) -> (Folder, i32, String) {
    let examples = root().join("../examples/quick-start");
    let read = |name: &str| fs::read_to_string(examples.join(name)).expect("an example");
    let mut config: Value = serde_json::from_str(&read("config.json")).expect("settings are JSON");
    config["api_url_base"] = json!(mock.url());
    for (name, value) in settings.as_object().expect("settings") {
        config[name] = value.clone();
    }

    let folder = Folder::new();
    folder.write_json("config.json", &config);
    let target = folder.write("target-jsonl", TARGET);
    fs::set_permissions(target, Permissions::from_mode(0o755)).expect("a file of our own");
    let taps = binary::path("tap-github");
    let taps = taps.parent().expect("a program is in a folder").display().to_string();
    let path = format!("{}:{taps}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &read(script)]).current_dir(folder.path()).env_clear();
    let output = shell.env("PATH", path).env("WAIT", "0").output().expect("a shell");
    let errors = String::from_utf8(output.stderr).expect("text");
    (folder, output.status.code().expect("it ends by itself"), errors)
}

fn records(folder: &Folder, file: &str, stream: &str) -> usize {
    let text = fs::read_to_string(folder.path().join(file)).expect("the script wrote it");
    let start = format!("{{\"type\":\"RECORD\",\"stream\":\"{stream}\"");
    text.lines().filter(|line| line.starts_with(&start)).count()
}

#[test]
fn the_quick_start_does_what_it_says() {
    let mock = Mock::start("--repo rust-lang/log:issues=40,labels=9");
    let (folder, code, errors) = run("walk.sh", &mock, &json!({}));
    assert_eq!(code, 0, "{errors}");
    // The server's clock is another on purpose.
    let warned = |line: &str| line.contains("WARNING") && !line.contains("[CLK01]");
    assert!(!errors.lines().any(warned) && !errors.contains("ERROR"), "{errors}");
    assert!(records(&folder, "first.jsonl", "issues") > 5);
    // Only what stands at the bookmark is read again; labels cannot be asked for changes.
    assert_eq!(records(&folder, "second.jsonl", "issues"), 1);
    assert_eq!(records(&folder, "second.jsonl", "labels"), 9);
    assert_eq!(records(&folder, "first.jsonl", "commits"), 0);
    assert!(records(&folder, "chosen.jsonl", "commits") > 0);
}

#[test]
fn a_run_that_meets_a_limit_is_tried_again_by_the_script_and_one_with_a_bad_token_is_not() {
    let mock = Mock::start("--repo rust-lang/log:issues=40 --token good");
    let limit = json!({"kind": "status", "status": 429, "headers": {"retry-after": "600"}});
    mock.faults(&json!([{"match": {"path": "/repos/**"}, "nth": 1, "fault": limit}]));
    let settings = |token: &str| json!({"auth_token": token, "max_wait": 0, "concurrency": 1});
    let (folder, code, errors) = run("retry.sh", &mock, &settings("good"));
    assert_eq!(code, 0, "{errors}");
    assert_eq!(errors.matches("[END01]").count(), 2, "{errors}");
    let state = fs::read_to_string(folder.path().join("state.json")).expect("a state");
    assert!(state.contains("replication_key_value"), "{state}");

    let (_, code, errors) = run("retry.sh", &mock, &settings("bad"));
    assert_eq!((code, errors.matches("[END01]").count()), (3, 1), "{errors}");
}

#[test]
fn every_command_is_taken_from_a_script_that_a_test_runs() {
    let scripts = ["quick-start/walk.sh", "quick-start/retry.sh", "tap-shop/walk.sh"];
    for (name, page) in Book::read().pages {
        for line in page.blocks("sh") {
            let known = match include(&line) {
                Some((file, _)) => scripts.iter().any(|script| Path::new(file).ends_with(script)),
                None => SETUP.iter().any(|setup| line.starts_with(setup)),
            };
            assert!(known, "{}: no test runs `{line}`", name.display());
        }
    }
}
