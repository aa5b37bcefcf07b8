//! The forms of other taps' states.
//!
//! singer-sdk keeps partitions in a list, each with its context, and the progress of a stream that
//! comes in no order apart from its bookmark
//! ([documentation](https://sdk.meltano.com/en/latest/implementation/state.html)). singer-io's
//! taps keep `bookmarks.<stream>.<replication key>`, and with repositories
//! `bookmarks.<stream>.<owner/name>.since` or `bookmarks.<owner/name>.<stream>.since`.

use serde_json::{Map, Value};

use super::entry::{EntryReader, Partitions, take};
use super::read::into_object;
use super::{Layout, State};
use crate::bookmark::Bookmark;
use crate::error::Error;
use crate::interval::Intervals;
use crate::partition::PartitionKey;
use crate::pointer::join;

/// What singer-io's tap for GitHub calls the value of a bookmark.
const SINCE: &str = "since";

/// Takes out what singer-sdk keeps while a run is under way; true when there was progress that is
/// no bookmark, because the records came in no order.
pub(super) fn take_progress(json: &mut Map<String, Value>) -> bool {
    json.shift_remove("starting_replication_value");
    json.shift_remove("replication_key_signpost");
    let markers = json.shift_remove("progress_markers");
    markers.is_some_and(|markers| {
        markers.get("replication_key_value").is_some_and(|value| !value.is_null())
    })
}

/// Takes out a value that stands under the name of its field, with that name.
pub(super) fn take_value(
    json: &mut Map<String, Value>,
    layout: &Layout,
) -> Option<(String, Value)> {
    let (key, _) = layout.cursor.as_ref()?;
    [key.as_str(), SINCE].into_iter().find_map(|name| {
        let is_scalar = json.get(name).is_some_and(|value| value.is_string() || value.is_number());
        is_scalar.then(|| take(json, name).map(|value| (name.to_owned(), value))).flatten()
    })
}

/// Reads singer-sdk's list of partitions.
pub(super) fn read_contexts(
    reader: &mut EntryReader<'_>,
    items: Vec<Value>,
    at: &str,
    partitions: &mut Partitions,
) -> Result<(), Error> {
    for (index, item) in items.into_iter().enumerate() {
        let at = join(at, index);
        let mut item = into_object(item, &at)?;
        let context = match take(&mut item, "context") {
            Some(context) => into_object(context, &join(&at, "context"))?,
            None => Map::new(),
        };
        let bookmark = reader.bookmark(item, &at)?;
        match context_key(&context, reader.layout) {
            Some(key) => keep_lesser(partitions, key, bookmark),
            None => reader.unknown_partition(),
        }
    }
    Ok(())
}

/// Takes out members that are named as a partition, with their parts joined by `/` as they are.
pub(super) fn take_named_partitions(
    reader: &mut EntryReader<'_>,
    json: &mut Map<String, Value>,
    at: &str,
    partitions: &mut Partitions,
) -> Result<(), Error> {
    let is_partition = |name: &str, value: &Value| {
        named_key(name, reader.layout).is_some() && value.get(SINCE).is_some()
    };
    let names: Vec<String> = json
        .iter()
        .filter(|(name, value)| is_partition(name, value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let at = join(at, &name);
        let member = json.shift_remove(&name).unwrap_or_default();
        let bookmark = reader.bookmark(into_object(member, &at)?, &at)?;
        if let Some(key) = named_key(&name, reader.layout) {
            keep_lesser(partitions, key, bookmark);
        }
    }
    Ok(())
}

/// Whether an entry of `bookmarks` is a partition with the bookmark of a known stream in it.
pub(super) fn is_partition_first(
    name: &str,
    json: &Value,
    layout: &dyn Fn(&str) -> Option<Layout>,
) -> bool {
    let is_stream = |(stream, member): (&String, &Value)| {
        let known = layout(stream).is_some_and(|layout| named_key(name, &layout).is_some());
        known && member.get(SINCE).is_some()
    };
    json.as_object().is_some_and(|members| members.iter().any(is_stream))
}

/// Reads a partition with the bookmarks of known streams in it; other members are kept as they are.
pub(super) fn read_partition_first(
    state: &mut State,
    name: &str,
    members: Map<String, Value>,
    at: &str,
    layout: &dyn Fn(&str) -> Option<Layout>,
) -> Result<(), Error> {
    let mut unknown = Map::new();
    for (stream, member) in members {
        let at = join(at, &stream);
        let layout = layout(&stream);
        let key = layout.as_ref().and_then(|layout| named_key(name, layout));
        let (Some(layout), Some(key)) = (layout, key) else {
            unknown.insert(stream, member);
            continue;
        };
        let mut reader = EntryReader::new(&stream, &layout, &mut state.notes);
        let bookmark = reader.bookmark(into_object(member, &at)?, &at)?;
        let of = state.streams.entry(stream).or_default();
        keep_lesser(of.partitions.get_or_insert_default(), key, bookmark);
    }
    if !unknown.is_empty() {
        state.unknown.insert(name.to_owned(), Value::Object(unknown));
    }
    Ok(())
}

/// The partition that a context names: the values of the partition's fields, others left aside.
fn context_key(context: &Map<String, Value>, layout: &Layout) -> Option<PartitionKey> {
    layout.partitions.iter().find_map(|fields| {
        let values: Option<Vec<&Value>> = fields.iter().map(|field| context.get(field)).collect();
        PartitionKey::from_scalars(values?)
    })
}

fn named_key(name: &str, layout: &Layout) -> Option<PartitionKey> {
    let values: Vec<&str> = name.split('/').collect();
    let fits = layout.partitions.iter().any(|fields| fields.len() == values.len());
    fits.then(|| PartitionKey::new(&values))
}

/// Of two bookmarks of one partition the lesser one holds: it is safe to read again.
fn keep_lesser(partitions: &mut Partitions, key: PartitionKey, bookmark: Bookmark) {
    let kept = match partitions.remove(&key) {
        Some(other) if other != bookmark => {
            let lesser = if other.value < bookmark.value { other } else { bookmark };
            Bookmark { intervals: Intervals::default(), ..lesser }
        }
        _ => bookmark,
    };
    partitions.insert(key, kept);
}
