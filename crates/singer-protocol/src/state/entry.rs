//! Reading what a state says of one stream.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::read::{into_object, note, wrong};
use super::{Layout, Note, StreamState, foreign};
use crate::bookmark::{Bookmark, Origin};
use crate::cursor::{Cursor, CursorKind};
use crate::error::Error;
use crate::interval::Intervals;
use crate::partition::PartitionKey;
use crate::pointer::join;

/// The partitions of a stream while they are read.
pub(super) type Partitions = BTreeMap<PartitionKey, Bookmark>;

/// What is known while the entry of one stream is read.
pub(super) struct EntryReader<'a> {
    pub(super) stream: &'a str,
    pub(super) layout: &'a Layout,
    notes: &'a mut Vec<Note>,
}

impl<'a> EntryReader<'a> {
    pub(super) fn new(
        stream: &'a str,
        layout: &'a Layout,
        notes: &'a mut Vec<Note>,
    ) -> EntryReader<'a> {
        EntryReader { stream, layout, notes }
    }

    pub(super) fn unknown_partition(&mut self) {
        let stream = self.stream.to_owned();
        let partitions = self.layout.partitions.clone();
        note(self.notes, Note::UnknownPartition { stream, partitions });
    }

    /// Takes a bookmark's keys out of an object; the others stay in its `rest`.
    pub(super) fn bookmark(
        &mut self,
        mut json: Map<String, Value>,
        at: &str,
    ) -> Result<Bookmark, Error> {
        if foreign::take_progress(&mut json) {
            note(self.notes, Note::Unfinished { stream: self.stream.to_owned() });
        }
        let stated_key = match take(&mut json, "replication_key") {
            None => None,
            Some(Value::String(key)) => Some(key),
            Some(other) => {
                return Err(wrong(&other, &join(at, "replication_key"), "the name of a field"));
            }
        };
        let value = match take(&mut json, "replication_key_value") {
            Some(value) => Some(("replication_key_value".to_owned(), value)),
            None => foreign::take_value(&mut json, self.layout),
        };
        let intervals = take(&mut json, "intervals");
        let start = json.shift_remove("start");
        let pending = take(&mut json, "pending")
            .map(|pending| contexts(pending, &join(at, "pending")))
            .transpose()?;
        let events = take(&mut json, "events").map(|events| changes(events, &join(at, "events")));
        let (events, version) = events.transpose()?.unwrap_or_default();
        let found_key = stated_key.filter(|_| value.is_some() || intervals.is_some());
        let mut bookmark = Bookmark { rest: json, pending, events, version, ..Bookmark::default() };
        match &self.layout.cursor {
            Some((key, kind)) if found_key.as_ref().is_none_or(|found| found == key) => {
                bookmark.value = cursor(*kind, value, at)?;
                bookmark.intervals = match intervals {
                    Some(json) => Intervals::from_json(*kind, &json, &join(at, "intervals"))?,
                    None => Intervals::default(),
                };
                bookmark.start = origin(*kind, start, at)?;
                let known = found_key.is_some() || bookmark.value.is_some();
                bookmark.replication_key = known.then(|| key.clone());
            }
            _ => self.note_other_key(found_key, value.is_some()),
        }
        Ok(bookmark)
    }

    fn note_other_key(&mut self, found: Option<String>, has_value: bool) {
        if let Some(found) = found.filter(|_| has_value) {
            let stream = self.stream.to_owned();
            let expected = self.layout.cursor.as_ref().map(|(key, _)| key.clone());
            note(self.notes, Note::OtherKey { stream, found, expected });
        }
    }
}

/// Reads the entry of a stream, in whichever form.
pub(super) fn read_stream(
    reader: &mut EntryReader<'_>,
    mut json: Map<String, Value>,
    at: &str,
) -> Result<StreamState, Error> {
    let mut partitions =
        if reader.layout.partitions.is_empty() { None } else { Some(Partitions::new()) };
    let pointer = join(at, "partitions");
    match take(&mut json, "partitions") {
        None => {}
        Some(Value::Object(members)) => {
            let read = partitions.get_or_insert_default();
            for (name, member) in members {
                let at = join(&pointer, &name);
                let bookmark = reader.bookmark(into_object(member, &at)?, &at)?;
                read.insert(PartitionKey::from_state(&name), bookmark);
            }
        }
        Some(Value::Array(items)) => {
            let read = partitions.get_or_insert_default();
            foreign::read_contexts(reader, items, &pointer, read)?;
        }
        Some(other) => return Err(wrong(&other, &pointer, "an object of partitions")),
    }
    if let Some(read) = &mut partitions {
        foreign::take_named_partitions(reader, &mut json, at, read)?;
    }
    Ok(StreamState { own: reader.bookmark(json, at)?, partitions })
}

/// Takes a value out of an object; null is absent.
pub(super) fn take(json: &mut Map<String, Value>, key: &str) -> Option<Value> {
    json.shift_remove(key).filter(|value| !value.is_null())
}

fn origin(kind: CursorKind, start: Option<Value>, at: &str) -> Result<Origin, Error> {
    Ok(match start {
        None => Origin::Unsaid,
        Some(Value::Null) => Origin::Beginning,
        Some(value) => {
            cursor(kind, Some(("start".to_owned(), value)), at)?.map_or(Origin::Unsaid, Origin::At)
        }
    })
}

/// Up to when a list of changes was read, an instant or whole seconds since 1970; and the version of a
/// list that is read from its beginning.
fn changes(events: Value, at: &str) -> Result<(Option<DateTime<Utc>>, Option<i64>), Error> {
    let mut events = into_object(events, at)?;
    let version = take(&mut events, "version").and_then(|version| version.as_i64());
    let value = take(&mut events, "replication_key_value");
    let is_whole = value.as_ref().is_some_and(Value::is_i64);
    let kind = if is_whole { CursorKind::Integer } else { CursorKind::Instant };
    let key = "replication_key_value".to_owned();
    let instant = match cursor(kind, value.map(|value| (key, value)), at)? {
        Some(Cursor::Instant(at)) => Some(at),
        Some(Cursor::Integer(seconds)) => DateTime::from_timestamp(seconds, 0),
        _ => None,
    };
    Ok((instant, version))
}

fn contexts(pending: Value, at: &str) -> Result<Vec<Map<String, Value>>, Error> {
    let Value::Array(items) = pending else {
        return Err(wrong(&pending, at, "a list of contexts"));
    };
    let context = |(index, item)| into_object(item, &join(at, index));
    items.into_iter().enumerate().map(context).collect()
}

fn cursor(
    kind: CursorKind,
    value: Option<(String, Value)>,
    at: &str,
) -> Result<Option<Cursor>, Error> {
    value
        .map(|(key, value)| {
            Cursor::from_json(kind, &value)
                .map_err(|_| wrong(&value, &join(at, &key), kind.expected()))
        })
        .transpose()
}
