//! What must hold of the lines of one run.

use std::collections::BTreeMap;

use singer_tap::Outcome;

use super::trial::Trial;
use crate::breaches::{self, Rule};
use crate::transcript::{Mark, Record, key_text, marks, names};

/// A run of everything ends well, with a STATE.
pub(super) fn run(trial: &Trial<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    let outcome = trial.first.outcome();
    if outcome != Outcome::Ok {
        failures.push(format!("it ends as {outcome:?}: {}", trial.first.complaints()));
    }
    if !breaches::ends_with_state(trial.first.stdout()) {
        failures.push("the last line is no STATE".to_owned());
    }
    if trial.whole.records().next().is_none() {
        failures.push("no record comes: nothing could be checked".to_owned());
    }
    failures
}

pub(super) fn messages(trial: &Trial<'_>) -> Vec<String> {
    about(trial, Rule::Message)
}

pub(super) fn schemas(trial: &Trial<'_>) -> Vec<String> {
    about(trial, Rule::Schema)
}

pub(super) fn records(trial: &Trial<'_>) -> Vec<String> {
    about(trial, Rule::Record)
}

pub(super) fn keys(trial: &Trial<'_>) -> Vec<String> {
    about(trial, Rule::Key)
}

fn about(trial: &Trial<'_>, rule: Rule) -> Vec<String> {
    let found = breaches::found(trial.first.stdout()).into_iter();
    found.filter(|breach| breach.rule == rule).map(|breach| breach.text).collect()
}

/// Two records of one key are the same record, which may come twice: delivery is at least once.
pub(super) fn unique_keys(trial: &Trial<'_>) -> Vec<String> {
    let keys: BTreeMap<&str, Vec<&str>> = (trial.whole.schemas())
        .map(|(stream, schema)| (stream, names(&schema["key_properties"])))
        .collect();
    let mut first: BTreeMap<(&str, String), Record<'_>> = BTreeMap::new();
    let mut failures = Vec::new();
    for one in trial.whole.records() {
        let Some(key) = keys.get(one.stream).filter(|key| !key.is_empty()) else { continue };
        let key = key_text(one.record, key);
        let before = first.entry((one.stream, key.clone())).or_insert(one);
        if before.record != one.record {
            let lines = format!("lines {} and {}", before.line + 1, one.line + 1);
            failures.push(format!("`{}` {key}: two records, on {lines}", one.stream));
        }
    }
    failures
}

/// Within a run a bookmark goes up or stays.
pub(super) fn bookmarks(trial: &Trial<'_>) -> Vec<String> {
    let mut failures = Vec::new();
    let mut known: BTreeMap<String, Mark> = BTreeMap::new();
    for (line, state) in trial.whole.states() {
        let now: BTreeMap<String, Mark> =
            marks(state).into_iter().map(|mark| (mark.pointer.clone(), mark)).collect();
        for (pointer, before) in &known {
            let after = now.get(pointer);
            if after.and_then(Mark::cursor) < before.cursor() {
                let (line, after) = (line + 1, after.map(|mark| &mark.value));
                failures.push(format!(
                    "line {line}: {pointer} goes from {} to {after:?}",
                    before.value
                ));
            }
        }
        known = now;
    }
    failures
}
