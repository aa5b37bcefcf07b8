//! What the lines of a run say: rows that were delivered, and how far the state goes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::world::{Place, Row, World};

/// The latest version of each row that went out, by stream and id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivered(BTreeMap<(String, i64), u32>);

impl Delivered {
    /// Whether this version of a row, or a later one, went out.
    pub(crate) fn has(&self, row: &Row) -> bool {
        let key = (row.place.stream().to_owned(), row.id);
        self.0.get(&key).is_some_and(|version| *version >= row.version)
    }

    /// Whether any version of a row went out.
    pub(crate) fn has_any(&self, row: &Row) -> bool {
        self.0.contains_key(&(row.place.stream().to_owned(), row.id))
    }

    fn add(&mut self, stream: &str, record: &Value) {
        let name = record["ref"].as_str().unwrap_or_default();
        let (id, version) = name.split_once('/').expect("a row names its id and version");
        let id = id.parse().expect("an id is a number");
        let version = version.parse().expect("a version is a number");
        let known = self.0.entry((stream.to_owned(), id)).or_insert(version);
        *known = version.max(*known);
    }
}

/// How far a list is read, in values that compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) value: Option<i64>,
    pub(crate) intervals: Vec<(Option<i64>, i64)>,
    /// Where reading began, if it did not at the beginning of everything.
    pub(crate) start: Option<i64>,
    /// Parents that were passed and not read.
    pub(crate) pending: BTreeSet<i64>,
}

/// The bookmarks of a STATE.
pub(crate) type Marks = BTreeMap<Place, Mark>;

impl Mark {
    /// What it says was read, as half-open intervals.
    fn read(&self) -> impl Iterator<Item = (Option<i64>, i64)> {
        let below = self.value.map(|value| (self.start, value));
        below.into_iter().chain(self.intervals.iter().copied())
    }

    /// Whether it keeps the next run, which looks back a little, from reading at `value`.
    pub(crate) fn covers(&self, value: i64, lookback: i64) -> bool {
        let holds = |(start, end): (Option<i64>, i64)| {
            start.is_none_or(|start| start <= value) && value < end - lookback
        };
        self.read().any(holds)
    }

    /// Whether it says of everything that an earlier one said was read that it was.
    pub(crate) fn keeps(&self, earlier: &Mark) -> bool {
        let is_kept = |(start, end): (Option<i64>, i64)| {
            self.read().any(|(from, to)| from <= start && end <= to)
        };
        earlier.value <= self.value && earlier.read().all(is_kept)
    }
}

/// A line of a run's output.
pub(crate) enum Line {
    Record { stream: String, record: Value },
    State { value: Value },
    Activated { stream: String },
    Rejected { stream: String, record: Value },
    Other,
}

/// The complete lines.
pub(crate) fn lines(stdout: &str) -> Vec<Line> {
    let whole = stdout.rfind('\n').map_or("", |end| &stdout[..end]);
    whole.lines().map(line).collect()
}

fn line(line: &str) -> Line {
    let mut message: Value = serde_json::from_str(line).expect("a complete line is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let stream = text(&message["stream"]);
    match message["type"].as_str() {
        Some("ACTIVATE_VERSION") => Line::Activated { stream },
        Some("STATE") => Line::State { value: message["value"].take() },
        Some("RECORD") if stream == "tap_model_rejects" => {
            let record = text(&message["record"]["record"]);
            let record = serde_json::from_str(&record).expect("a rejected row is JSON");
            Line::Rejected { stream: text(&message["record"]["stream"]), record }
        }
        Some("RECORD") => Line::Record { stream, record: message["record"].take() },
        _ => Line::Other,
    }
}

impl Line {
    /// Books the row that the line holds.
    pub(crate) fn book(&self, delivered: &mut Delivered) {
        if let Line::Record { stream, record } | Line::Rejected { stream, record } = self {
            delivered.add(stream, record);
        }
    }
}

/// The bookmarks that a state holds for the lists of `world`.
pub(crate) fn marks(world: &World, state: &Value) -> Marks {
    let mut marks = Marks::new();
    for (stream, entry) in state["bookmarks"].as_object().into_iter().flatten() {
        match entry["partitions"].as_object() {
            Some(partitions) => {
                for (name, entry) in partitions {
                    let part = name.parse().expect("a part is a number");
                    marks.insert(Place::Rows(Some(part)), mark(world, entry));
                }
            }
            None if stream == "parents" => {
                marks.insert(Place::Parents, mark(world, entry));
            }
            None => {
                marks.insert(Place::Rows(None), mark(world, entry));
            }
        }
    }
    marks
}

fn mark(world: &World, entry: &Value) -> Mark {
    let value = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(world.parse(text)),
        other => other.as_i64(),
    };
    let pair = |pair: &Value| (value(&pair[0]), value(&pair[1]).expect("an interval ends"));
    let intervals = entry["intervals"].as_array().expect("a bookmark holds its intervals");
    let pending = entry["pending"].as_array().into_iter().flatten();
    Mark {
        value: value(&entry["replication_key_value"]),
        intervals: intervals.iter().map(pair).collect(),
        start: value(&entry["start"]),
        pending: pending.filter_map(|context| context["part"].as_i64()).collect(),
    }
}
