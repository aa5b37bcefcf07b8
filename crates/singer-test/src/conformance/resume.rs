//! What must hold of the runs that follow.

use std::time::Duration;

use serde_json::Value;
use singer_protocol::Cursor;

use super::trial::Trial;
use crate::transcript::{Mark, Transcript, cursor, differences, marks, names};

/// A tap of many streams has hundreds of STATEs: so many are gone on from, spread over the run.
const MOST_RESUMED: usize = 40;

/// From STATEs all over the run, the next one brings all that no earlier line brought: no STATE is
/// ahead of its rows.
pub(super) fn resume(trial: &Trial<'_>) -> Vec<String> {
    let all = trial.whole.rows();
    let mut failures = Vec::new();
    let mut states: Vec<(usize, &Value)> = trial.whole.states().collect();
    states.dedup_by_key(|(_, state)| *state);
    let step = states.len().div_ceil(MOST_RESUMED).max(1);
    for (line, state) in states.into_iter().rev().step_by(step) {
        let rest = trial.run(&trial.everything().resumed_from(Some(state)));
        let mut rows = trial.whole.rows_before(line);
        rows.extend(rest.rows());
        let lost = differences(&all, &rows).into_iter();
        failures.extend(lost.map(|lost| format!("after the STATE on line {}: {lost}", line + 1)));
    }
    failures
}

/// From the last STATE nothing older than it comes, the STATE stays, and so does the next run.
pub(super) fn replay(trial: &Trial<'_>) -> Vec<String> {
    let Some(last) = trial.whole.last_state() else { return Vec::new() };
    let again = |state: &Value| trial.messages(&trial.everything().resumed_from(Some(state)));
    let second = again(last);
    let run = Transcript::of(second.stdout());
    let mut failures = Vec::new();
    if run.last_state() != Some(last) {
        failures.push("the STATE is another after a run that found nothing new".to_owned());
    }
    if again(run.last_state().unwrap_or(last)).stdout() != second.stdout() {
        failures.push("a third run writes something else than the second".to_owned());
    }
    failures.extend(differences(&trial.whole.rows(), &{
        let mut rows = trial.whole.rows();
        rows.extend(run.rows());
        rows
    }));
    failures.extend(older(trial, &run, last));
    failures
}

/// Records older than every bookmark of their stream, less its lookback.
fn older(trial: &Trial<'_>, run: &Transcript, state: &Value) -> Vec<String> {
    let marks = marks(state);
    let mut failures = Vec::new();
    for (stream, schema) in run.schemas().filter(|(stream, _)| trial.is_bounded(stream)) {
        let of_stream = marks.iter().filter(|mark| mark.stream == stream);
        let lowest = of_stream.filter_map(Mark::cursor).min();
        let keys = names(&schema["bookmark_properties"]);
        let (Some(lowest), &[key]) = (lowest, keys.as_slice()) else { continue };
        let floor = before(lowest, trial.lookback(stream));
        for one in run.records().filter(|one| one.stream == stream) {
            let value = &one.record[key];
            if cursor(value).as_ref() < Some(&floor) {
                let what = format!(
                    "a record of {value} comes again, although all before {floor} was read"
                );
                failures.push(format!("`{stream}`: {what}"));
            }
        }
    }
    failures
}

fn before(value: Cursor, lookback: Duration) -> Cursor {
    match value {
        Cursor::Instant(at) => Cursor::Instant(at - lookback),
        other => other,
    }
}
