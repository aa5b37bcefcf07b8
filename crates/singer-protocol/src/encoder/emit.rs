//! What leaves a stream: its fields after selection and flattening, as SCHEMA and RECORD hold them.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::lint::collision;

use super::compile::RecordSpec;
use super::flatten;
use super::plan::Column;

/// A stream as its SCHEMA message declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Emitted {
    /// Its name in messages.
    pub stream: String,
    /// The fields that its records may have.
    pub schema: Value,
    /// The fields that identify a record.
    pub key: Vec<String>,
    /// The replication key, where records hold it.
    pub bookmarks: Vec<String>,
}

/// A top-level field on its way out.
#[derive(Clone, Debug)]
pub(super) struct Emit {
    pub(super) name: String,
    pub(super) json: Value,
    /// How it is written; none for a field that no record has.
    pub(super) column: Option<Column>,
}

/// The wanted fields of a stream, in the order of its schema.
pub(super) fn selected(spec: &RecordSpec<'_>, columns: Vec<Column>) -> Vec<Emit> {
    // A SCHEMA names its key and its replication key, so both stay whatever is deselected.
    let kept: Vec<&str> =
        spec.key.iter().map(String::as_str).chain(spec.cursor.map(|(name, _)| name)).collect();
    let mut schema = spec.selection.prune(spec.schema.json(), &kept);
    let mut columns: Vec<(String, Column)> =
        columns.into_iter().map(|column| (column.name(), column)).collect();
    properties_mut(&mut schema)
        .map(std::mem::take)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, json)| {
            let at = columns.iter().position(|(column, _)| *column == name);
            Emit { name, json, column: at.map(|at| columns.swap_remove(at).1) }
        })
        .collect()
}

/// Flattens the fields if that is asked for, and says what the SCHEMA declares. `cursor` is the slot
/// of the replication key.
pub(super) fn finish(
    spec: &RecordSpec<'_>,
    emits: Vec<Emit>,
    cursor: Option<usize>,
) -> Result<(Vec<Column>, Emitted), Error> {
    let is_cursor = |emit: &&Emit| {
        spec.cursor.is_some_and(|(name, _)| emit.name == name)
            && emit.column.as_ref().map(|column| column.slot) == cursor
    };
    let bookmarks = emits.iter().find(is_cursor).map(|emit| emit.name.clone());
    let mapped = spec.map.map(|map| map.pointer.as_str());
    if let (Some(pointer), Some((one, other))) =
        (mapped, collision(emits.iter().map(|emit| emit.name.as_str())))
    {
        return Err(refuse(spec, pointer, one, other));
    }
    if let (Some(pointer), true) = (mapped, emits.is_empty()) {
        let problem = format!("nothing is left of stream `{}` (null drops a stream)", spec.stream);
        return Err(Error::Settings { pointer: pointer.to_owned(), problem });
    }
    let mut columns: Vec<Column> = Vec::with_capacity(emits.len());
    let mut properties: Vec<(String, Value)> = Vec::with_capacity(emits.len());
    for Emit { name, json, column } in emits {
        properties.push((name, json));
        columns.extend(column);
    }
    if let Some(flattening) = spec.flattening.filter(|flattening| flattening.max_depth > 0) {
        properties = flattening.properties(&properties.into_iter().collect());
        columns = flatten::columns(flattening, columns);
        let names = properties.iter().map(|(name, _)| name.as_str());
        if let Some((one, other)) = collision(names) {
            return Err(refuse(spec, "/flattening_enabled", one, other));
        }
    }
    let mut schema = spec.schema.json().clone();
    if let Some(declared) = properties_mut(&mut schema) {
        *declared = properties.into_iter().collect();
    }
    let alias = spec.map.and_then(|map| map.alias.as_deref());
    let key = spec.map.and_then(|map| map.key.as_deref());
    let emitted = Emitted {
        stream: alias.unwrap_or(spec.stream).to_owned(),
        schema,
        key: key.unwrap_or(spec.key).to_vec(),
        bookmarks: bookmarks.into_iter().collect(),
    };
    Ok((columns, emitted))
}

fn refuse(spec: &RecordSpec<'_>, pointer: &str, one: &str, other: &str) -> Error {
    Error::Settings {
        pointer: pointer.to_owned(),
        problem: format!(
            "stream `{}` would have the columns `{one}` and `{other}`, which a target may take for one (names differ in their first 63 bytes without case); choose another name, `flattening_separator` or `flattening_max_depth`",
            spec.stream
        ),
    }
}

fn properties_mut(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    schema.get_mut("properties").and_then(Value::as_object_mut)
}
