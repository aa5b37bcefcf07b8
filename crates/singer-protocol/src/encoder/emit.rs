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

/// Flattens the fields if that is asked for, and says what the SCHEMA declares.
pub(super) fn finish(
    spec: &RecordSpec<'_>,
    emits: Vec<Emit>,
) -> Result<(Vec<Column>, Emitted), Error> {
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
            return Err(refuse(spec, one, other));
        }
    }
    let mut schema = spec.schema.json().clone();
    if let Some(declared) = properties_mut(&mut schema) {
        *declared = properties.into_iter().collect();
    }
    let bookmark = spec.cursor.map(|(name, _)| name.to_owned());
    let emitted = Emitted {
        stream: spec.stream.to_owned(),
        schema,
        key: spec.key.to_vec(),
        bookmarks: bookmark.into_iter().collect(),
    };
    Ok((columns, emitted))
}

fn refuse(spec: &RecordSpec<'_>, one: &str, other: &str) -> Error {
    Error::Settings {
        pointer: "/flattening_enabled".to_owned(),
        problem: format!(
            "stream `{}` would have the columns `{one}` and `{other}`, which a target may take for one (names differ in their first 63 bytes without case); choose another `flattening_separator` or a smaller `flattening_max_depth`",
            spec.stream
        ),
    }
}

fn properties_mut(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    schema.get_mut("properties").and_then(Value::as_object_mut)
}
