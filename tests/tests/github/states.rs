//! `tap-github state`: what a state says, for people and for other taps.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, Tap};

const AT: &str = "2026-11-20T15:00:00Z";

fn state(partitions: &Value) -> String {
    json!({"bookmarks": {"issues": {"partitions": partitions}},
        "tap": {"name": "tap-github", "state_version": 1}})
    .to_string()
}

fn ours() -> String {
    state(&json!({"acme/widgets":
        {"replication_key": "updated_at", "replication_key_value": AT, "intervals": []}}))
}

fn theirs() -> Value {
    json!([{"context": {"org": "acme", "repo": "widgets"}, "replication_key": "updated_at",
        "replication_key_value": AT}])
}

fn tap(arguments: &str, state: &str) -> Tap<'static> {
    let tap = Tap::bare().with("repositories", vec!["acme/widgets"]);
    tap.args(arguments).file("--state", "given.json", state)
}

#[test]
fn a_table_tells_how_far_each_stream_is_read() {
    let run = tap("state show", &ours()).run().ends_with(0);
    let rows: Vec<String> = run.text().lines().map(str::to_owned).collect();
    assert!(rows[0].starts_with("stream") && rows[0].contains("intervals"), "{rows:?}");
    assert!(rows[1].starts_with("issues") && rows[1].contains(AT), "{rows:?}");
    let piped = Tap::bare().args("state show").input(&ours()).run().ends_with(0);
    assert_eq!(piped.text().lines().count(), 2, "without a config, and from stdin");
}

#[test]
fn a_state_goes_to_singer_sdk_s_form_and_comes_back() {
    let run = tap("state export --sdk", &ours()).run().ends_with(0);
    let exported: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(exported, json!({"bookmarks": {"issues": {"partitions": theirs()}}}));
    let run = tap("state export", &exported.to_string()).run().ends_with(0);
    let back: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(back, serde_json::from_str::<Value>(&ours()).unwrap());
}

#[test]
fn what_another_form_cannot_say_is_told() {
    let beyond = json!({"acme/widgets": {"replication_key": "updated_at",
        "replication_key_value": AT, "intervals": [[AT.replace("20T", "22T"), AT.replace("20T", "23T")]]}});
    let run = tap("state export --sdk", &state(&beyond)).run().ends_with(0);
    assert_eq!(run.told("WARNING [STATE05] ").len(), 1, "{}", run.log());
    assert!(run.text().contains(AT), "the lower value is exported");
}

#[test]
fn a_state_that_cannot_be_used_is_refused_here_too() {
    let other = json!({"tap": {"name": "tap-other"}}).to_string();
    for command in ["state show", "state export"] {
        let run = tap(command, &other).run().ends_with(2);
        assert_eq!(run.told("CRITICAL [STATE01]").len(), 1, "{command}: {}", run.log());
        let run = Tap::bare().args(command).args("--state nowhere.json").run().ends_with(2);
        assert_eq!(run.told("CRITICAL [CFG04]").len(), 1, "{command}: {}", run.log());
    }
}

#[test]
fn a_state_is_looked_at_without_a_request() {
    let mock = Mock::start("--repos 1");
    let tap = Tap::of(&mock, &["acme/widgets"]).args("state export --sdk");
    tap.file("--state", "given.json", &ours()).run().ends_with(0);
    assert_eq!(mock.request_count(), 0);
}

#[test]
fn an_earlier_start_date_is_told_where_what_lies_between_is_not_read() {
    let mock = Mock::start("--repo acme/widgets:issues=600,releases=8");
    let run = |start: &str, state: Option<&Value>| {
        let tap = Tap::of(&mock, &["acme/widgets"]).with("start_date", start).state(state);
        tap.args("--select pull_requests --select releases").run().ends_with(0)
    };
    let late = run("2026-06-01T00:00:00Z", None);
    // Newest first, the last page goes on below the start: what stands there was not written.
    let state = late.output().last_state().expect("a state").clone();
    let same = run("2026-06-01T00:00:00Z", Some(&state));
    assert!(same.told("[STATE06]").is_empty(), "{}", same.log());
    let early = run("2026-05-31T00:00:00Z", Some(&state));
    assert_eq!(early.told("[STATE06] `pull_requests`").len(), 1, "{}", early.log());
    // Read whole each time, so that nothing is missing.
    assert!(early.told("[STATE06] `releases`").is_empty(), "{}", early.log());
}
