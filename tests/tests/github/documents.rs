//! Catalog and state: what is refused, with its place.

use serde_json::{Value, json};
use singer_tap_tests::Tap;

fn refused(flag: &str, content: &str, id: &str, told: &str) {
    let run = Tap::bare()
        .with("repositories", vec!["acme/widgets"])
        .file(flag, "given.json", content)
        .run()
        .ends_with(2);
    let lines = run.told(id);
    assert_eq!(lines.len(), 1, "{content}: {}", run.log());
    assert!(lines[0].contains(told), "{content}: {}", run.log());
}

#[test]
fn a_file_that_is_not_there_is_named() {
    for flag in ["--catalog", "--properties", "--state"] {
        let tap = Tap::bare().with("repositories", vec!["acme/widgets"]);
        let run = tap.args(flag).args("nowhere.json").run().ends_with(2);
        assert!(run.told("[CFG04]")[0].contains("`nowhere.json`"), "{flag}: {}", run.log());
    }
}

#[test]
fn a_catalog_of_the_wrong_shape_is_refused_with_its_pointer() {
    for (content, told) in [
        ("{", "not valid JSON"),
        ("[]", "the catalog is a list"),
        (r#"{"streams": 5}"#, "`/streams` in the catalog is a number"),
        (r#"{"streams": [{"tap_stream_id": "issues", "schema": []}]}"#, "`/streams/0/schema`"),
        (
            r#"{"streams": [{"tap_stream_id": "issues", "schema": {}, "metadata": [{"breadcrumb": 1}]}]}"#,
            "`/streams/0/metadata/0/breadcrumb`",
        ),
    ] {
        refused("--catalog", content, "[CFG05]", told);
    }
}

#[test]
fn a_state_of_the_wrong_shape_is_refused_with_its_pointer() {
    let partition = |bookmark: Value| {
        json!({"bookmarks": {"issues": {"partitions": {"acme/widgets": bookmark}}}}).to_string()
    };
    let at = "`/bookmarks/issues/partitions/acme~1widgets";
    for (content, told) in [
        ("{".to_owned(), "not valid JSON".to_owned()),
        ("[]".to_owned(), "the state is a list".to_owned()),
        (r#"{"bookmarks": 1}"#.to_owned(), "`/bookmarks` in the state is a number".to_owned()),
        (r#"{"bookmarks": {"issues": 5}}"#.to_owned(), "`/bookmarks/issues`".to_owned()),
        (r#"{"tap": {"state_version": "one"}}"#.to_owned(), "`/tap/state_version`".to_owned()),
        (partition(json!(1)), format!("{at}`")),
        (partition(json!({"replication_key_value": true})), format!("{at}/replication_key_value`")),
        (
            partition(json!({"replication_key_value": "soon"})),
            format!("{at}/replication_key_value`"),
        ),
        (partition(json!({"intervals": {}})), format!("{at}/intervals`")),
    ] {
        refused("--state", &content, "[CFG05]", &told);
    }
}

#[test]
fn a_state_of_another_tap_or_of_a_newer_release_is_refused() {
    refused("--state", r#"{"tap": {"name": "tap-other"}}"#, "[STATE01]", "`tap-other`");
    let newer = r#"{"tap": {"name": "tap-github", "state_version": 99}}"#;
    refused("--state", newer, "[STATE01]", "version 99");
}

#[test]
fn a_replication_that_a_stream_cannot_do_is_refused_with_the_reason() {
    let catalog = |stream: &str, metadata: Value| {
        let metadata = json!([{"breadcrumb": [], "metadata": metadata}]);
        json!({"streams": [{"tap_stream_id": stream, "schema": {}, "metadata": metadata}]})
            .to_string()
    };
    let chosen = |method: &str| json!({"selected": true, "replication-method": method});
    let key = |key: &str| json!({"selected": true, "replication-method": "INCREMENTAL", "replication-key": key});
    for (stream, metadata, told) in [
        (
            "issues",
            chosen("LOG_BASED"),
            "no API of this kind offers; choose INCREMENTAL or FULL_TABLE",
        ),
        ("labels", chosen("LOG_BASED"), "no API of this kind offers"),
        ("labels", chosen("INCREMENTAL"), "cannot tell what changed; choose FULL_TABLE"),
        ("issues", key("created_at"), "`created_at`, but its API can only be read by `updated_at`"),
        ("nonsense", json!({"selected": true}), "this tap has no such stream"),
        ("users", json!({"selected": true}), "no such stream with these settings"),
    ] {
        refused("--catalog", &catalog(stream, metadata), "[CFG06]", told);
    }
}
