//! Reading a state as a whole.

use serde_json::{Map, Value};

use super::absent::Absences;
use super::entry::{EntryReader, read_stream};
use super::{Layout, Note, STATE_VERSION, State, foreign};
use crate::error::{Error, type_name};
use crate::pointer::join;

/// Keys that only tell where another client was when it stopped.
const TRANSIENT: [&str; 2] = ["currently_syncing", "currently_syncing_repo"];

pub(super) fn read(
    json: Value,
    tap: &str,
    layout: &dyn Fn(&str) -> Option<Layout>,
) -> Result<State, Error> {
    let mut rest = unwrap_message(into_object(json, "")?)?;
    check_is_state(&rest)?;
    let mut state = State::empty(tap);
    read_tap(&mut state, rest.shift_remove("tap"))?;
    if let Some(bookmarks) = rest.shift_remove("bookmarks").filter(|json| !json.is_null()) {
        let bookmarks = into_object(bookmarks, "/bookmarks")?;
        read_bookmarks(&mut state, bookmarks, layout)?;
    }
    rest.retain(|key, _| !TRANSIENT.contains(&key.as_str()));
    state.rest = rest;
    Ok(state)
}

/// A whole STATE message, as a user cuts it from an output, and Meltano's own dump stand for the
/// state in them: taken for one without bookmarks they would read everything again.
fn unwrap_message(mut json: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let key = match json.get("type") {
        Some(Value::String(name)) if name == "STATE" => "value",
        _ => "singer_state",
    };
    match json.shift_remove(key) {
        Some(value) => into_object(value, &join("", key)),
        None => Ok(json),
    }
}

/// Any other object, such as a config or a line of a log, would read everything again.
fn check_is_state(json: &Map<String, Value>) -> Result<(), Error> {
    let mut known = ["bookmarks", "tap"].into_iter().chain(TRANSIENT);
    if json.is_empty() || known.any(|key| json.contains_key(key)) {
        return Ok(());
    }
    Err(Error::Missing {
        document: "state",
        pointer: "/bookmarks".to_owned(),
        expected: "how far each stream is read".to_owned(),
    })
}

fn read_tap(state: &mut State, json: Option<Value>) -> Result<(), Error> {
    let Some(json) = json.filter(|json| !json.is_null()) else { return Ok(()) };
    let mut tap = into_object(json, "/tap")?;
    match tap.shift_remove("name") {
        None => {}
        Some(Value::String(name)) if name == state.tap => {}
        Some(Value::String(found)) => {
            return Err(Error::ForeignState { tap: state.tap.clone(), found });
        }
        Some(other) => return Err(wrong(&other, "/tap/name", "the name of a tap")),
    }
    if let Some(version) = tap.shift_remove("state_version") {
        match version.as_u64() {
            None => return Err(wrong(&version, "/tap/state_version", "a whole number")),
            Some(found) if found > STATE_VERSION => {
                return Err(Error::NewerState { found, known: STATE_VERSION });
            }
            Some(_) => {}
        }
    }
    if let Some(absent) = tap.shift_remove("absent") {
        state.absences = Absences::from_json(&absent, "/tap/absent")?;
    }
    state.tap_rest = tap;
    Ok(())
}

fn read_bookmarks(
    state: &mut State,
    bookmarks: Map<String, Value>,
    layout: &dyn Fn(&str) -> Option<Layout>,
) -> Result<(), Error> {
    let mut by_partition = Vec::new();
    for (name, json) in bookmarks {
        if json.is_null() {
            continue;
        }
        let at = join("/bookmarks", &name);
        if let Some(layout) = layout(&name) {
            let mut reader = EntryReader::new(&name, &layout, &mut state.notes);
            let stream = read_stream(&mut reader, into_object(json, &at)?, &at)?;
            state.streams.insert(name, stream);
        } else if foreign::is_partition_first(&name, &json, layout) {
            by_partition.push((name, at, json));
        } else {
            state.unknown.insert(name, json);
        }
    }
    for (name, at, json) in by_partition {
        foreign::read_partition_first(state, &name, into_object(json, &at)?, &at, layout)?;
    }
    Ok(())
}

pub(super) fn note(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

pub(super) fn into_object(json: Value, at: &str) -> Result<Map<String, Value>, Error> {
    match json {
        Value::Object(object) => Ok(object),
        other => Err(wrong(&other, at, "an object")),
    }
}

pub(super) fn object<'a>(json: &'a Value, at: &str) -> Result<&'a Map<String, Value>, Error> {
    json.as_object().ok_or_else(|| wrong(json, at, "an object"))
}

pub(super) fn wrong(value: &Value, pointer: &str, expected: &str) -> Error {
    Error::Type {
        document: "state",
        pointer: pointer.to_owned(),
        expected: expected.to_owned(),
        found: type_name(value),
    }
}
