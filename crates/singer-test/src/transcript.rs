//! What a run wrote, read back: records, states, and what they come to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use singer_protocol::{Cursor, CursorKind, pointer};

/// Every row, by its stream and its key, with the version that came last; of a stream without a key
/// each record is a row of its own.
pub(crate) type Rows = BTreeMap<(String, String), Value>;

/// The messages of a run in their order.
#[derive(Clone, Debug)]
pub(crate) struct Transcript {
    pub(crate) messages: Vec<Value>,
}

/// A record, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// The line, counted from 0.
    pub(crate) line: usize,
    pub(crate) stream: &'a str,
    pub(crate) record: &'a Value,
}

impl Transcript {
    /// Reads stdout; what is no JSON is left out, as it is told by `breaches`.
    pub(crate) fn of(stdout: &str) -> Transcript {
        let messages = stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_default());
        Transcript { messages: messages.collect() }
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.of_type("RECORD").map(|(line, message)| Record {
            line,
            stream: message["stream"].as_str().unwrap_or_default(),
            record: &message["record"],
        })
    }

    pub(crate) fn states(&self) -> impl DoubleEndedIterator<Item = (usize, &Value)> {
        self.of_type("STATE").map(|(line, message)| (line, &message["value"]))
    }

    pub(crate) fn last_state(&self) -> Option<&Value> {
        self.states().next_back().map(|(_, state)| state)
    }

    /// The SCHEMA messages by their streams, in their order.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&str, &Value)> {
        let schemas = self.of_type("SCHEMA");
        schemas.map(|(_, message)| (message["stream"].as_str().unwrap_or_default(), message))
    }

    /// All streams that have a SCHEMA.
    pub(crate) fn streams(&self) -> BTreeSet<&str> {
        self.schemas().map(|(stream, _)| stream).collect()
    }

    /// Records and schemas of one stream, without the time.
    pub(crate) fn about(&self, stream: &str) -> Vec<Value> {
        let kinds = ["RECORD", "SCHEMA"];
        let of_stream = self.messages.iter().filter(|message| {
            message["stream"] == stream && kinds.iter().any(|kind| message["type"] == *kind)
        });
        of_stream.map(timeless).collect()
    }

    /// The rows of the lines before this one.
    pub(crate) fn rows_before(&self, end: usize) -> Rows {
        let keys: BTreeMap<&str, Vec<&str>> = self
            .schemas()
            .map(|(stream, schema)| (stream, names(&schema["key_properties"])))
            .collect();
        let mut rows = Rows::new();
        for Record { stream, record, .. } in self.records().take_while(|one| one.line < end) {
            let key = match keys.get(stream) {
                Some(key) if !key.is_empty() => key_text(record, key),
                _ => record.to_string(),
            };
            rows.insert((stream.to_owned(), key), record.clone());
        }
        rows
    }

    /// The rows of all lines.
    pub(crate) fn rows(&self) -> Rows {
        self.rows_before(self.messages.len())
    }

    fn of_type(&self, kind: &'static str) -> impl DoubleEndedIterator<Item = (usize, &Value)> {
        self.messages.iter().enumerate().filter(move |(_, message)| message["type"] == kind)
    }
}

/// What is not the same in two sets of rows, a line each.
pub(crate) fn differences(expected: &Rows, found: &Rows) -> Vec<String> {
    let place = |(stream, key): &(String, String)| {
        let short: String = key.chars().take(100).collect();
        format!("`{stream}` {short}")
    };
    let missing = expected.iter().filter_map(|(row, version)| match found.get(row) {
        Some(other) if other == version => None,
        Some(_) => Some(format!("{} has another version", place(row))),
        None => Some(format!("{} is missing", place(row))),
    });
    let extra = found.keys().filter(|row| !expected.contains_key(*row));
    missing.chain(extra.map(|row| format!("{} is not in the source", place(row)))).collect()
}

/// A message without the time at which it was made.
pub(crate) fn timeless(message: &Value) -> Value {
    let mut message = message.clone();
    if let Some(fields) = message.as_object_mut() {
        fields.shift_remove("time_extracted");
    }
    message
}

/// A record's key as text.
pub(crate) fn key_text(record: &Value, key: &[&str]) -> String {
    let values: Vec<&Value> = key.iter().map(|name| &record[*name]).collect();
    if let [one] = values[..] {
        one.to_string()
    } else {
        Value::from_iter(values.into_iter().cloned()).to_string()
    }
}

/// The texts of a list.
pub(crate) fn names(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A bookmark of a state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// Its JSON pointer.
    pub(crate) pointer: String,
    pub(crate) stream: String,
    /// The value of the replication key.
    pub(crate) value: Value,
}

impl Mark {
    /// The value as it is compared.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        cursor(&self.value)
    }
}

/// The bookmarks of a state that have a value.
pub(crate) fn marks(state: &Value) -> Vec<Mark> {
    let mut found = Vec::new();
    for (stream, entry) in state["bookmarks"].as_object().into_iter().flatten() {
        let at = pointer::join("/bookmarks", stream);
        let mut add = |at: String, entry: &Value| {
            let value = entry["replication_key_value"].clone();
            if !value.is_null() {
                let pointer = format!("{at}/replication_key_value");
                found.push(Mark { pointer, stream: stream.clone(), value });
            }
        };
        add(at.clone(), entry);
        for (partition, entry) in entry["partitions"].as_object().into_iter().flatten() {
            add(pointer::join(&format!("{at}/partitions"), partition), entry);
        }
    }
    found
}

/// A value of a replication key as it is compared: an instant, a number, else a text.
pub(crate) fn cursor(value: &Value) -> Option<Cursor> {
    let kinds = match value {
        Value::Number(_) => [CursorKind::Integer, CursorKind::Text],
        _ => [CursorKind::Instant, CursorKind::Text],
    };
    kinds.into_iter().find_map(|kind| Cursor::from_json(kind, value).ok())
}
