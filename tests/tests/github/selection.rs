//! Which streams and fields are read.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Output, Tap};

const REPOS: [&str; 1] = ["acme/widgets"];

fn mock() -> Mock {
    Mock::start("--repo acme/widgets:issues=120,pulls=30,commits=5,labels=3 --comments-per-issue 1")
}

fn discover(mock: &Mock) -> Value {
    let run = Tap::of(mock, &REPOS).args("--discover").run().ends_with(0);
    serde_json::from_slice(&run.stdout).unwrap()
}

/// The metadata of a field, or of a stream.
fn metadata<'a>(catalog: &'a mut Value, stream: &str, breadcrumb: &Value) -> &'a mut Value {
    let streams = catalog["streams"].as_array_mut().unwrap();
    let entry = streams.iter_mut().find(|entry| entry["tap_stream_id"] == stream).unwrap();
    let metadata = entry["metadata"].as_array_mut().unwrap();
    let found = metadata.iter_mut().find(|entry| entry["breadcrumb"] == *breadcrumb);
    &mut found.unwrap_or_else(|| panic!("{stream} has no {breadcrumb}"))["metadata"]
}

fn deselect(catalog: &mut Value, stream: &str, breadcrumb: &Value) {
    metadata(catalog, stream, breadcrumb)["selected"] = json!(false);
}

/// Whether a stream's SCHEMA declares a field, and whether any of its records has it.
fn shows(output: &Output, stream: &str, path: &[&str]) -> (bool, bool) {
    let mut schema = output.schema(stream).unwrap();
    for name in path {
        let object = if schema["items"].is_object() { &schema["items"] } else { schema };
        schema = &object["properties"][*name];
    }
    let is_recorded = output.records(stream).into_iter().any(|record| holds(record, path));
    (schema.is_object(), is_recorded)
}

fn holds(value: &Value, path: &[&str]) -> bool {
    match (value, path) {
        (Value::Array(items), path) => items.iter().any(|item| holds(item, path)),
        (_, []) => true,
        (value, [name, rest @ ..]) => value.get(name).is_some_and(|value| holds(value, rest)),
    }
}

#[test]
fn deselected_fields_are_absent_from_schema_and_records_and_keys_stay() {
    let mock = mock();
    let mut catalog = discover(&mock);
    for breadcrumb in [
        json!(["properties", "title"]),
        json!(["properties", "id"]),
        json!(["properties", "updated_at"]),
        json!(["properties", "user", "properties", "login"]),
        json!(["properties", "labels", "items", "properties", "color"]),
        json!(["properties", "milestone"]),
    ] {
        deselect(&mut catalog, "issues", &breadcrumb);
    }
    deselect(&mut catalog, "labels", &json!([]));
    // What another program wrote into the catalog is none of our business.
    catalog["version"] = json!(7);
    catalog["streams"][0]["color"] = json!("red");
    metadata(&mut catalog, "issues", &json!([]))["note"] = json!({"by": "someone"});

    let output = Tap::of(&mock, &REPOS).catalog(&catalog).run().ends_with(0).output();
    for (path, is_shown) in [
        (&["title"][..], false),
        (&["user", "login"], false),
        (&["labels", "color"], false),
        (&["milestone"], false),
        (&["id"], true),
        (&["updated_at"], true),
        (&["body"], true),
        (&["user", "id"], true),
        (&["labels", "name"], true),
    ] {
        assert_eq!(shows(&output, "issues", path), (is_shown, is_shown), "{path:?}");
    }
    assert_eq!(output.records("issues").len(), 120);
    assert_eq!(shows(&output, "pull_requests", &["title"]), (true, true));
    assert!(output.schema("labels").is_none());
    let asked = mock.requests();
    assert_eq!(asked["patterns"]["/repos/{owner}/{repo}/labels"], Value::Null, "{asked}");
}

#[test]
fn an_unchanged_catalog_reads_what_no_catalog_reads() {
    let mock = mock();
    let catalog = discover(&mock);
    let tap = || Tap::of(&mock, &REPOS).with("concurrency", 1);
    let (with, without) = (tap().catalog(&catalog).run(), tap().run());
    let records = |run: singer_tap_tests::Run| -> Vec<Value> {
        let output = run.ends_with(0).output();
        output.of_type("RECORD").map(|(_, message)| message["record"].clone()).collect()
    };
    assert_eq!(records(with), records(without));
}

#[test]
fn patterns_choose_streams_and_fields() {
    let mock = mock();
    let output = Tap::of(&mock, &REPOS)
        .args("--select issues.title --select issues.user.* --select !issues.user.login --select lab*")
        .run()
        .ends_with(0)
        .output();
    for (path, is_shown) in [
        (&["title"][..], true),
        (&["user", "id"], true),
        (&["user", "login"], false),
        (&["body"], false),
        (&["id"], true),
        (&["updated_at"], true),
    ] {
        assert_eq!(shows(&output, "issues", path), (is_shown, is_shown), "{path:?}");
    }
    assert_eq!(shows(&output, "labels", &["name"]), (true, true));
    let streams: Vec<&Value> =
        output.of_type("SCHEMA").map(|(_, message)| &message["stream"]).collect();
    assert_eq!(streams, ["issues", "labels"]);
}

#[test]
fn a_pattern_that_only_deselects_leaves_the_rest() {
    let mock = mock();
    let output = Tap::of(&mock, &REPOS)
        .args("--select !issues --select !*.body")
        .run()
        .ends_with(0)
        .output();
    assert!(output.schema("issues").is_none());
    assert_eq!(shows(&output, "pull_requests", &["body"]), (false, false));
    assert_eq!(shows(&output, "pull_requests", &["title"]), (true, true));
    assert_eq!(output.records("labels").len(), 3);
}

#[test]
fn a_deselected_parent_is_read_for_its_children_unless_that_is_skipped() {
    let mock = mock();
    let read = |is_skipped: bool| {
        let tap = Tap::of(&mock, &REPOS).with("skip_parent_streams", is_skipped);
        let before = mock.request_count();
        let output = tap.args("--select labels").run().ends_with(0).output();
        assert!(output.schema("repositories").is_none());
        let labels = output.records("labels");
        assert_eq!(labels.len(), 3);
        assert_eq!((&labels[0]["org"], &labels[0]["repo"]), (&json!("acme"), &json!("widgets")));
        (mock.request_count() - before, labels[0]["repo_id"].is_number())
    };
    assert_eq!(read(false), (2, true));
    assert_eq!(read(true), (1, false));
}

#[test]
fn full_table_reads_everything_again_and_keeps_the_bookmark() {
    let mock = mock();
    let first = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0).output();
    let mut catalog = discover(&mock);
    metadata(&mut catalog, "issues", &json!([]))["replication-method"] = json!("FULL_TABLE");
    let tap = Tap::of(&mock, &REPOS).catalog(&catalog).args("--select issues");
    let second = tap.state(first.last_state()).run().ends_with(0).output();
    assert_eq!(second.records("issues").len(), 120);
    assert_eq!(second.last_state(), first.last_state());
}

#[test]
fn discovery_asks_for_nothing() {
    let mock = mock();
    discover(&mock);
    assert_eq!(mock.request_count(), 0);
}

#[test]
fn a_schema_test_asks_for_nothing_and_a_connection_test_for_one_page_of_each() {
    let mock = mock();
    let run = Tap::of(&mock, &REPOS).args("--test=schema").run().ends_with(0);
    assert!(run.output().messages().iter().all(|message| message["type"] == "SCHEMA"));
    assert_eq!(mock.request_count(), 0);
    let run = Tap::of(&mock, &REPOS).args("--test=connection --select issues").run().ends_with(0);
    assert_eq!((mock.request_count(), run.text()), (2, String::new()));
}
