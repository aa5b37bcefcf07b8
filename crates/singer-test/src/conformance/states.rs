//! What must hold of states that come from elsewhere.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use singer_tap::Outcome;

use super::trial::Trial;
use crate::transcript::marks;

/// The last STATE and keys that nobody knows come back as they were given.
pub(super) fn round_trip(trial: &Trial<'_>) -> Vec<String> {
    let Some(last) = trial.whole.last_state() else { return Vec::new() };
    let mut given = last.clone();
    given["a key of the scheduler"] = json!({"kept": [1, 2.50, "three"]});
    given["bookmarks"]["a stream of another release"] = json!({"since": "2026-01-01T00:00:00Z"});
    let marks = marks(last);
    for mark in &marks {
        let place = mark.pointer.trim_end_matches("/replication_key_value");
        if let Some(place) = given.pointer_mut(place) {
            place["a key of a later release"] = json!(null);
        }
    }
    let run = trial.run(&trial.everything().resumed_from(Some(&given)));
    match run.last_state() {
        Some(state) if *state == given => Vec::new(),
        Some(state) => vec![format!("given {given}, it is {state} in the end")],
        None => vec!["a run from a state writes none".to_owned()],
    }
}

/// The state of another tap or of a newer release ends the run before anything is written.
pub(super) fn foreign(trial: &Trial<'_>) -> Vec<String> {
    let Some(last) = trial.whole.last_state() else { return Vec::new() };
    let other = |change: fn(&mut Value)| {
        let mut state = last.clone();
        change(&mut state["tap"]);
        state
    };
    let version = last["tap"]["state_version"].as_u64().unwrap_or_default();
    let mut newer = last.clone();
    newer["tap"]["state_version"] = json!(version + 1);
    let cases = [
        ("of a newer release", newer),
        ("of another tap", other(|tap| tap["name"] = json!("tap-of-somebody-else"))),
    ];
    let mut failures = Vec::new();
    for (whose, state) in cases {
        let run = trial.messages(&trial.everything().resumed_from(Some(&state)));
        if run.outcome() != Outcome::Usage || !run.stdout().is_empty() {
            let outcome = run.outcome();
            failures.push(format!("the state {whose} is not refused: the run ends as {outcome:?}"));
        }
    }
    failures
}

/// From bookmarks in the far future nothing comes, and they stay.
pub(super) fn future(trial: &Trial<'_>) -> Vec<String> {
    let Some(last) = trial.whole.last_state() else { return Vec::new() };
    let marks = marks(last);
    let mut state = last.clone();
    for mark in &marks {
        if let Some(value) = state.pointer_mut(&mark.pointer) {
            *value = far(&mark.value);
        }
    }
    let streams: BTreeSet<&str> = marks.iter().map(|mark| mark.stream.as_str()).collect();
    let mut failures = Vec::new();
    for stream in streams.into_iter().filter(|stream| trial.is_bounded(stream)) {
        let run =
            trial.run(&trial.invocation().with(&["--select", stream]).resumed_from(Some(&state)));
        let count = run.records().filter(|one| one.stream == stream).count();
        if count > 0 {
            failures.push(format!(
                "`{stream}`: {count} records come from a bookmark in the far future"
            ));
        }
        if run.last_state().map(|state| &state["bookmarks"][stream])
            != Some(&state["bookmarks"][stream])
        {
            failures.push(format!("`{stream}`: a bookmark in the far future does not stay"));
        }
    }
    failures
}

/// A value of the same kind that no source reaches.
fn far(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('T') => json!("9999-12-31T23:59:59Z"),
        Value::String(_) => json!("9999-12-31"),
        _ => json!(9_007_199_254_740_991_u64),
    }
}
