//! The commands that the guide shows are ones that tests run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use singer_tap_tests::{Folder, Mock, binary};

use crate::book::{Book, Page, include, root};

/// What no test runs, since it builds or installs things.
const SETUP: [&str; 6] =
    ["cargo ", "pip ", "uv tool install ", "cp ", "make ", "INSTA_UPDATE=always cargo test"];

/// The scripts that tests run: that of Meltano in `tests/targets`, the others here and with the example tap.
const SCRIPTS: [&str; 8] = [
    "install/shell.sh",
    "quick-start/walk.sh",
    "quick-start/retry.sh",
    "github/walk.sh",
    "stripe/walk.sh",
    "salesforce/walk.sh",
    "meltano/walk.sh",
    "tap-shop/walk.sh",
];

/// Stands for a target: it takes everything, keeps it in `run1.jsonl` and so on, and prints the states.
const TARGET: &str = r#"#!/bin/sh
n=1; while test -e "run$n.jsonl"; do n=$((n + 1)); done
tee "run$n.jsonl" | grep '^{"type":"STATE"'
"#;

/// Runs a script of an example, such as `quick-start/walk.sh`, in a folder of its own. Its settings are those
/// beside it, with these in their place.
fn run(script: &str, settings: &Value) -> (Folder, i32, String) {
    run_into(TARGET, script, settings)
}

/// The same, into a target of its own.
fn run_into(target: &str, script: &str, settings: &Value) -> (Folder, i32, String) {
    let examples = root().join("../examples");
    let read = |name: &str| fs::read_to_string(examples.join(name)).expect("an example");
    let folder = Folder::new();
    let (example, _) = script.split_once('/').expect("a folder and a file");
    if let Some(settings) = settings.as_object() {
        let config = read(&format!("{example}/config.json"));
        let mut config: Value = serde_json::from_str(&config).expect("settings are JSON");
        for (name, value) in settings {
            config[name] = value.clone();
        }
        folder.write_json("config.json", &config);
    }

    let target = folder.write("target-jsonl", target);
    fs::set_permissions(target, Permissions::from_mode(0o755)).expect("a file of our own");
    let taps = binary::path("tap-github");
    let taps = taps.parent().expect("a program is in a folder").display().to_string();
    let path = format!("{}:{taps}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &read(script)]).current_dir(folder.path()).env_clear();
    shell.env("PATH", path).env("HOME", folder.path()).env("WAITS", "0 0 0");
    let output = shell.output().expect("a shell");
    let errors = String::from_utf8(output.stderr).expect("text");
    (folder, output.status.code().expect("it ends by itself"), errors)
}

/// The run went well, and there was nothing to warn of.
#[track_caller]
fn is_quiet(code: i32, errors: &str) {
    assert_eq!(code, 0, "{errors}");
    // The server's clock is another on purpose, and so is a type of Salesforce's that nobody knows.
    let is_known = |line: &str| ["[CLK01]", "[DISC02]"].iter().any(|id| line.contains(id));
    let warned = |line: &str| line.contains("WARNING") && !is_known(line);
    assert!(!errors.lines().any(warned) && !errors.contains("ERROR"), "{errors}");
}

fn records(folder: &Folder, file: &str, stream: &str) -> usize {
    let text = fs::read_to_string(folder.path().join(file)).expect("the script wrote it");
    let start = format!("{{\"type\":\"RECORD\",\"stream\":\"{stream}\"");
    text.lines().filter(|line| line.starts_with(&start)).count()
}

#[test]
fn the_quick_start_does_what_it_says() {
    let mock = Mock::start("--repo rust-lang/log:issues=40,labels=9");
    let (folder, code, errors) = run("quick-start/walk.sh", &json!({"api_url_base": mock.url()}));
    is_quiet(code, &errors);
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
    let settings = |token: &str| {
        let url = mock.url();
        json!({"api_url_base": url, "auth_token": token, "max_wait": 0, "concurrency": 1})
    };
    let (folder, code, errors) = run("quick-start/retry.sh", &settings("good"));
    assert_eq!(code, 0, "{errors}");
    assert_eq!(errors.matches("[END01]").count(), 2, "{errors}");
    let state = fs::read_to_string(folder.path().join("state.json")).expect("a state");
    assert!(state.contains("replication_key_value"), "{state}");

    let (_, code, errors) = run("quick-start/retry.sh", &settings("bad"));
    assert_eq!((code, errors.matches("[END01]").count()), (3, 1), "{errors}");
}

#[test]
fn a_target_that_fails_ends_the_script_and_only_a_whole_state_is_kept() {
    let mock = Mock::start("--repo rust-lang/log:issues=40");
    let settings = json!({"api_url_base": mock.url()});
    let print = r#"grep '^{"type":"STATE"' | tail -1"#;
    for (ending, is_kept) in [("", true), (" | head -c 30", false)] {
        let target = format!("#!/bin/sh\n{print}{ending}\nexit 9\n");
        let (folder, code, errors) = run_into(&target, "quick-start/retry.sh", &settings);
        assert_eq!((code, errors.matches("[END01]").count()), (9, 1), "{errors}");
        assert_eq!(folder.path().join("state.json").exists(), is_kept, "{ending}: {errors}");
    }
}

#[test]
fn the_page_of_each_tap_leads_from_nothing_to_rows_and_to_what_changed() {
    let check = |tap: &str, mock: &str, base: &str, streams: [(&str, usize); 2]| {
        let mock = Mock::start(mock);
        let settings = json!({base: mock.url(), "max_requests_per_second": 1000});
        let (folder, code, errors) = run(&format!("{tap}/walk.sh"), &settings);
        is_quiet(code, &errors);
        for (stream, least) in streams {
            let rows = records(&folder, "run1.jsonl", stream);
            assert!(rows >= least, "{tap}: {stream}: {rows} rows");
            let again = records(&folder, "run2.jsonl", stream);
            assert!(again < rows / 2, "{tap}: {stream}: {again} of {rows} come again");
        }
        let state = fs::read_to_string(folder.path().join("state.json")).expect("a state");
        assert!(state.contains("replication_key_value"), "{state}");
    };
    check(
        "github",
        "--repo acme/widgets:issues=40",
        "api_url_base",
        [("issues", 10), ("pull_requests", 3)],
    );
    check(
        "stripe",
        "stripe --date 2026-11-02T00:00:00Z --history 100 --charges 60 --customers 30",
        "api_url_base",
        [("charges", 60), ("customers", 30)],
    );
    check(
        "salesforce",
        "salesforce --date 2026-11-02T00:00:00Z --history 100 --accounts 60 --contacts 30",
        "instance_url",
        [("Account", 60), ("Contact", 30)],
    );
}

#[test]
fn the_page_on_installing_completes_commands_and_shows_the_manual() {
    let (folder, code, errors) = run("install/shell.sh", &Value::Null);
    is_quiet(code, &errors);
    for (file, text) in [
        (".local/share/bash-completion/completions/tap-github", "--select"),
        (".zfunc/_tap-github", "#compdef tap-github"),
        (".config/fish/completions/tap-github.fish", "complete -c tap-github"),
        (".local/share/man/man1/tap-github.1", ".TH tap-github"),
    ] {
        let written = fs::read_to_string(folder.path().join(file)).expect("the script wrote it");
        assert!(written.contains(text), "{file}: {written}");
    }
}

#[test]
fn every_command_is_taken_from_a_script_that_a_test_runs() {
    for (name, page) in Book::read().pages {
        for line in page.blocks("sh") {
            let known = match include(&line) {
                Some((file, _)) => SCRIPTS.iter().any(|script| Path::new(file).ends_with(script)),
                None => SETUP.iter().any(|setup| line.starts_with(setup)),
            };
            assert!(known, "{}: no test runs `{line}`", name.display());
        }
    }
}

#[test]
fn every_command_of_the_readme_is_one_of_these_too() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("a document");
    let scripts = SCRIPTS.map(|script| read(&format!("../examples/{script}")));
    let readme = Page { source: read("../../README.md"), text: String::new() };
    let commands = readme.blocks("sh");
    assert!(commands.len() >= 5, "{commands:?}");
    for line in commands.iter().filter(|line| !line.is_empty()) {
        let command = line.split(" #").next().unwrap_or(line).trim_end();
        let is_run = scripts.iter().flat_map(|script| script.lines()).any(|line| line == command);
        let known = is_run || SETUP.iter().any(|setup| command.starts_with(setup));
        assert!(known, "no test runs `{line}`");
    }
}
