//! A state as a table: how far each stream is read.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use singer_protocol::{Cursor, CursorKind};

use crate::text::{ago, grouped};

const HEADS: [&str; 8] =
    ["stream", "partitions", "key", "from", "to", "intervals", "pending", "oldest"];

/// The table, ending in a newline. Works on any state whose streams have this tap's form or
/// singer-sdk's.
pub(super) fn table(state: &Value, now: DateTime<Utc>) -> String {
    let bookmarks = state["bookmarks"].as_object();
    let streams = bookmarks.into_iter().flatten();
    let rows: Vec<[String; 8]> =
        streams.map(|(name, entry)| Stream::of(entry).row(name, now)).collect();
    if rows.is_empty() {
        return "no stream has a bookmark: everything is read from its start\n".to_owned();
    }
    let heads = HEADS.map(str::to_owned);
    let mut text = String::new();
    for row in std::iter::once(&heads).chain(&rows) {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let cells = std::iter::once(&heads).chain(&rows).map(|row| row[column].chars().count());
            format!("{cell:width$}", width = cells.max().unwrap_or_default())
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(&singer_http::printable(line.trim_end()));
        text.push('\n');
    }
    text
}

/// What a state says of a stream.
#[derive(Debug, Default)]
struct Stream {
    /// None of a stream that is read in one piece.
    partitions: Option<usize>,
    key: Option<String>,
    /// The bookmarks, in order; a partition without one is missing here.
    values: Vec<Cursor>,
    bookmarks: usize,
    intervals: usize,
    pending: usize,
}

impl Stream {
    fn of(entry: &Value) -> Stream {
        let mut stream = Stream::default();
        let own = entry.as_object().filter(|own| own.contains_key("replication_key_value"));
        let members: Option<Vec<&Value>> = match &entry["partitions"] {
            Value::Object(members) => Some(members.values().collect()),
            Value::Array(members) => Some(members.iter().collect()),
            _ => None,
        };
        stream.partitions = members.as_ref().map(Vec::len);
        stream.pending = entry["pending"].as_array().map_or(0, Vec::len);
        let members = members.unwrap_or_default();
        own.into_iter().chain(members.iter().filter_map(|one| one.as_object())).for_each(|one| {
            stream.add(one);
        });
        stream.values.sort();
        stream
    }

    fn add(&mut self, bookmark: &Map<String, Value>) {
        self.bookmarks += 1;
        let get = |name: &str| bookmark.get(name).unwrap_or(&Value::Null);
        self.intervals += get("intervals").as_array().map_or(0, Vec::len);
        if let Some(key) = get("replication_key").as_str() {
            self.key = Some(key.to_owned());
        }
        self.values.extend(cursor(get("replication_key_value")));
    }

    fn row(&self, name: &str, now: DateTime<Utc>) -> [String; 8] {
        let nothing = || "-".to_owned();
        let unread = self.bookmarks - self.values.len();
        let partitions = match self.partitions {
            None => nothing(),
            Some(count) if unread == 0 => grouped(count as u64),
            Some(count) => format!("{}, {} unread", grouped(count as u64), grouped(unread as u64)),
        };
        let text = |cursor: Option<&Cursor>| cursor.map_or_else(nothing, Cursor::to_string);
        let oldest = match self.values.first() {
            Some(Cursor::Instant(at)) => ago(now, *at),
            _ => nothing(),
        };
        [
            name.to_owned(),
            partitions,
            self.key.clone().unwrap_or_else(nothing),
            text(self.values.first()),
            text(self.values.last()),
            self.intervals.to_string(),
            self.pending.to_string(),
            oldest,
        ]
    }
}

/// A bookmark's value, which tells its kind itself: a number, an instant, or else a text.
fn cursor(value: &Value) -> Option<Cursor> {
    let kinds = match value {
        Value::Number(_) => [CursorKind::Integer, CursorKind::Text],
        _ => [CursorKind::Instant, CursorKind::Text],
    };
    kinds.into_iter().find_map(|kind| Cursor::from_json(kind, value).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(bookmarks: Value, expected: &[&str]) {
        let now = "2026-11-25T16:30:00Z".parse().expect("an instant");
        let table = table(&json!({"bookmarks": bookmarks}), now);
        assert_eq!(table.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_row_tells_how_far_a_stream_is_read() {
        let at = |day: u32| {
            json!({"replication_key": "updated_at",
            "replication_key_value": format!("2026-11-{day:02}T15:00:00Z"), "intervals": []})
        };
        let mut beyond = at(20);
        beyond["intervals"] = json!([["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"]]);
        let unread = json!({"replication_key": "updated_at", "replication_key_value": null,
            "intervals": []});
        check(
            json!({
                "issues": {"partitions": {"acme/a": at(24), "acme/b": beyond, "acme/c": unread}},
                "reviews": {"replication_key": "n", "replication_key_value": 7, "intervals": [],
                    "pending": [{}, {}]},
                "sdk": {"partitions": [{"context": {}, "replication_key": "at",
                    "replication_key_value": "2026-11-25T16:00:00+00:00"}]},
                "other": {"since": "2026"},
            }),
            &[
                "stream   partitions   key         from                  to                    intervals  pending  oldest",
                "issues   3, 1 unread  updated_at  2026-11-20T15:00:00Z  2026-11-24T15:00:00Z  1          0        5d 1h",
                "reviews  -            n           7                     7                     0          2        -",
                "sdk      1            at          2026-11-25T16:00:00Z  2026-11-25T16:00:00Z  0          0        30m 0s",
                "other    -            -           -                     -                     0          0        -",
            ],
        );
    }

    #[test]
    fn an_empty_state_is_told_as_such() {
        check(json!({}), &["no stream has a bookmark: everything is read from its start"]);
    }
}
