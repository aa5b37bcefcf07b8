//! What the state of singer-io's tap-stripe means here.

use serde_json::{Map, Value, json};

/// What that tap calls the bookmark of a list.
const LISTS: [&str; 2] = ["created", "date"];
/// What it appends to a stream's name for its events, and the bookmark there.
const EVENTS: &str = "_events";
const EVENTS_VALUE: &str = "updates_created";
/// What follows its parent here has no list of its own, but goes as far as it.
const REPLICATION_KEY: &str = "replication_key";

/// A state in this tap's form, from one in that of singer-io's tap-stripe; any other as it is.
pub(crate) fn adopt(mut state: Value) -> Value {
    let Some(bookmarks) = state.get_mut("bookmarks").and_then(Value::as_object_mut) else {
        return state;
    };
    let names: Vec<String> = bookmarks.keys().cloned().collect();
    let is_theirs = |entry: &Value| {
        entry.get(REPLICATION_KEY).is_none()
            && (LISTS.iter().any(|key| entry.get(key).is_some_and(Value::is_i64))
                || entry.get(EVENTS_VALUE).is_some())
    };
    let names = names.into_iter().filter(|name| bookmarks.get(name).is_some_and(is_theirs));
    let names: Vec<String> = names.collect();
    // All of it first: a stream's events may stand before its list.
    let theirs: Vec<(String, Value)> =
        names.into_iter().filter_map(|name| bookmarks.shift_remove_entry(&name)).collect();
    for (name, theirs) in &theirs {
        match name.strip_suffix(EVENTS).zip(theirs.get(EVENTS_VALUE)) {
            Some((stream, value)) => {
                let events = json!({"replication_key_value": value});
                entry(bookmarks, stream).insert("events".to_owned(), events);
            }
            None => list(entry(bookmarks, name), name, theirs),
        }
    }
    state
}

fn entry<'b>(bookmarks: &'b mut Map<String, Value>, stream: &str) -> &'b mut Map<String, Value> {
    let entry = bookmarks.entry(stream).or_insert_with(|| json!({}));
    if !entry.is_object() {
        *entry = json!({});
    }
    entry.as_object_mut().expect("it is an object")
}

fn list(ours: &mut Map<String, Value>, stream: &str, theirs: &Value) {
    let value = LISTS.iter().find_map(|key| theirs.get(*key)?.as_i64());
    let value = value.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    let key = if stream == "invoice_items" { "date" } else { "created" };
    ours.insert(REPLICATION_KEY.to_owned(), key.into());
    ours.insert("replication_key_value".to_owned(), value.map(|at| at.to_rfc3339()).into());
    ours.insert("intervals".to_owned(), json!([]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_events_of_the_other_tap_are_one_bookmark() {
        let theirs = json!({"bookmarks": {
            "charges": {"created": 1_764_000_000},
            "charges_events": {"updates_created": 1_764_000_060},
            "invoices": {"date": 1_764_000_000},
            "invoice_items": {"date": 1_764_000_000},
            "invoice_line_items_events": {"updates_created": 1_764_000_070},
            "invoice_line_items": {"date": 1_763_000_000}},
            "currently_syncing": "charges"});
        let list = |key: &str, at: &str| json!({"replication_key": key, "replication_key_value": at, "intervals": []});
        let with = |mut list: Value, events: i64| {
            list["events"] = json!({"replication_key_value": events});
            list
        };
        let at = "2025-11-24T16:00:00+00:00";
        let ours = adopt(theirs);
        assert_eq!(
            ours["bookmarks"],
            json!({
            "charges": with(list("created", at), 1_764_000_060),
            "invoices": list("created", at),
            "invoice_items": list("date", at),
            "invoice_line_items": with(list("created", "2025-11-13T02:13:20+00:00"), 1_764_000_070)})
        );
        assert_eq!(ours["currently_syncing"], "charges");
    }

    #[test]
    fn any_other_state_is_left_as_it_is() {
        for state in [
            json!({"bookmarks": {"charges": {"replication_key": "created", "replication_key_value": null}}}),
            json!({"bookmarks": {"charges": {"created": "2025-11-24T16:00:00Z"}, "x_events": 7}}),
            json!({"bookmarks": 1}),
            json!([]),
        ] {
            assert_eq!(adopt(state.clone()), state);
        }
    }
}
