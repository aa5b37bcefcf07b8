//! What holds for every output, whatever else a test is about.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::Value;
use singer_test::Forms;

use crate::output::Output;
use crate::truth::{Row, instant, known};
use crate::{Mock, TOKEN};

type Instant = DateTime<Utc>;

/// The token is nowhere, in no form.
pub(crate) fn secrets(text: &str) {
    static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of("the token", TOKEN));
    let found = FORMS.found_in(text);
    assert!(found.is_none(), "told: {}", found.unwrap_or_default());
}

/// The last line tells the exit code; only arguments that are no arguments have their own end.
pub(crate) fn last_line(stderr: &str, code: i32) {
    let is_usage = code == 2 && (stderr.starts_with("error: ") || stderr.contains("[CFG04] "));
    let last = stderr.lines().last().unwrap_or_default();
    let told = last.split_once("[END01] ").and_then(|(_, last)| last.split_once(". exit "));
    let told = told.map(|(_, code)| code.split([' ', '"']).next().unwrap_or_default());
    assert!(is_usage || told == Some(&code.to_string()), "exit {code}, but told: {stderr}");
}

/// Every whole line is a message that every target can rely on, and every record as its SCHEMA says.
pub(crate) fn messages(stdout: &str) {
    let end = stdout.rfind('\n').map_or(0, |at| at + 1);
    let breaches = singer_test::breaches(&stdout[..end]);
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// The last line is a STATE.
pub(crate) fn ends_in_state(output: &Output) {
    let last = output.messages().last().map(|message| &message["type"]);
    assert_eq!(last, Some(&Value::from("STATE")), "the last line is no STATE");
}

/// No bookmark ever goes down or away.
pub(crate) fn bookmarks_rise(output: &Output) {
    let mut known: BTreeMap<(String, String), Instant> = BTreeMap::new();
    for (_, state) in output.states() {
        let now = bookmarks(state);
        for (place, before) in &known {
            let value = now.get(place).and_then(|bookmark| bookmark.value);
            assert!(value >= Some(*before), "{place:?} went from {before} to {value:?}");
        }
        known.extend(now.into_iter().filter_map(|(place, now)| Some((place, now.value?))));
    }
}

/// Every row of the source that a STATE speaks for stands on an earlier line.
///
/// A bookmark speaks for all rows below it, an interval for those from its start and below its end;
/// the rows at a bookmark itself are read again by the next run. What the first STATE speaks for
/// came with an earlier run.
pub(crate) fn no_state_ahead(output: &Output, mock: &Mock, start_date: Option<&str>) {
    let Some((_, first)) = output.states().next() else { return };
    let earlier = bookmarks(first);
    let arrived = Arrived::of(output);
    let mut truths: HashMap<(String, String), Vec<Row>> = HashMap::new();
    for (line, state) in output.states() {
        for (place, bookmark) in bookmarks(state) {
            let (stream, partition) = &place;
            let Some(known) = known(stream) else { continue };
            let truth = truths
                .entry(place.clone())
                .or_insert_with(|| known.rows(mock, partition).unwrap_or_default());
            let begin = earlier.get(&place).cloned().unwrap_or_default();
            let floor = begin.value.or_else(|| start_date.and_then(instant));
            for row in truth.iter().filter(|row| bookmark.covers(row.at)) {
                let is_older = floor.is_some_and(|floor| row.at < floor) || begin.covers(row.at);
                assert!(
                    is_older || arrived.is_before(line, stream, row),
                    "the STATE on line {line} is ahead of a row of {place:?}: {bookmark:?}, {row:?}"
                );
            }
        }
    }
}

/// On which line each row came first.
struct Arrived {
    rows: HashMap<(String, String, Instant), usize>,
    rejects: HashMap<String, usize>,
}

impl Arrived {
    fn of(output: &Output) -> Arrived {
        let (mut rows, mut rejects) = (HashMap::new(), HashMap::new());
        for (line, message) in output.of_type("RECORD") {
            let stream = message["stream"].as_str().unwrap_or_default();
            let record = &message["record"];
            if let Some(known) = known(stream) {
                let row = known.of_record(record);
                rows.entry((stream.to_owned(), row.key, row.at)).or_insert(line);
            } else if stream.ends_with("_rejects") {
                let rejected: Value = record["record"]
                    .as_str()
                    .and_then(|text| serde_json::from_str(text).ok())
                    .unwrap_or_default();
                if let Some(node_id) = rejected["node_id"].as_str() {
                    rejects.insert(node_id.to_owned(), line);
                }
            }
        }
        Arrived { rows, rejects }
    }

    fn is_before(&self, line: usize, stream: &str, row: &Row) -> bool {
        let place = (stream.to_owned(), row.key.clone(), row.at);
        let reject = || row.node_id.as_ref().and_then(|node_id| self.rejects.get(node_id));
        self.rows.get(&place).or_else(reject).is_some_and(|at| *at < line)
    }
}

#[derive(Clone, Debug, Default)]
struct Bookmark {
    value: Option<Instant>,
    intervals: Vec<(Option<Instant>, Instant)>,
}

impl Bookmark {
    fn covers(&self, at: Instant) -> bool {
        let within = |(start, end): &(Option<Instant>, Instant)| {
            start.is_none_or(|start| start <= at) && at < *end
        };
        self.value.is_some_and(|value| at < value) || self.intervals.iter().any(within)
    }
}

/// The bookmarks of a state, by stream and partition.
fn bookmarks(state: &Value) -> BTreeMap<(String, String), Bookmark> {
    let mut found = BTreeMap::new();
    for (stream, entry) in state["bookmarks"].as_object().into_iter().flatten() {
        for (partition, json) in entry["partitions"].as_object().into_iter().flatten() {
            let at = |value: &Value| value.as_str().and_then(instant);
            let interval = |pair: &Value| Some((at(&pair[0]), at(&pair[1])?));
            let intervals = json["intervals"].as_array().into_iter().flatten();
            let bookmark = Bookmark {
                value: at(&json["replication_key_value"]),
                intervals: intervals.filter_map(interval).collect(),
            };
            found.insert((stream.clone(), partition.clone()), bookmark);
        }
    }
    found
}
