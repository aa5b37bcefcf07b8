//! Fields that nobody declares, and records that go to a file.

use std::fs;

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Run, Tap};

const REPOS: [&str; 1] = ["acme/widgets"];

/// Reads 250 issues of which one, on the second page, has a new field.
fn read(new_field: &str) -> Run {
    let mock = Mock::start("--repos 1 --issues 250");
    let fault = json!({"kind": "mangle", "pointer": "/3/shiny", "value": {"a": 1}});
    mock.faults(&json!([{"match": {"path": "**/issues", "page": 2}, "fault": fault}]));
    let tap = Tap::of(&mock, &REPOS).with("concurrency", 1).with("new_field", new_field);
    tap.args("--select issues").run()
}

/// What the records have under a name, nulls left out.
fn values(run: &Run, name: &str) -> Vec<Value> {
    let output = run.output();
    let values = output.records("issues").into_iter().map(|record| record[name].clone());
    values.filter(|value| !value.is_null()).collect()
}

#[test]
fn a_new_field_is_left_out_kept_added_or_refused() {
    let run = read("ignore").ends_with(0);
    assert!(run.told("[DRIFT01]").iter().any(|line| line.contains("/shiny")), "{}", run.log());
    assert_eq!(values(&run, "shiny").len(), 0);
    let run = read("extra").ends_with(0);
    assert_eq!(values(&run, "_sdc_extra"), [json!(r#"{"shiny":{"a":1}}"#)]);
    let run = read("evolve").ends_with(0);
    assert_eq!(values(&run, "shiny"), [json!(r#"{"a":1}"#)]);
    assert_eq!(run.output().of_type("SCHEMA").count(), 2, "written again with the new field");
    assert_eq!(run.told("[DRIFT03]").len(), 1, "{}", run.log());
    let run = read("fail").ends_with(7);
    assert!(run.told("[DRIFT01]").iter().any(|line| line.contains("`/shiny`")), "{}", run.log());
}

#[test]
fn a_rejected_record_goes_to_a_private_file_instead_of_a_stream() {
    let mock = Mock::start("--repos 1 --issues 50");
    let fault = json!({"kind": "mangle", "pointer": "/3/id", "value": null});
    mock.faults(&json!([{"match": {"path": "**/issues"}, "fault": fault}]));
    let path = std::env::temp_dir().join(format!("rejects-{}.jsonl", std::process::id()));
    let rejects = format!("file:{}", path.display());
    let tap = Tap::of(&mock, &REPOS).with("rejects", rejects).args("--select issues").bent();
    let run = tap.run().ends_with(6);
    assert!(run.output().schema("tap_github_rejects").is_none());
    let text = fs::read_to_string(&path).unwrap();
    let line: Value = serde_json::from_str(&text).expect("one line");
    assert_eq!((&line["stream"], &line["pointer"]), (&json!("issues"), &json!("/id")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::remove_file(path).unwrap();
}
