//! One stream of a catalog, and what the user asks for it.

use serde_json::{Map, Value};

use crate::catalog::{into_object, missing, wrong};
use crate::error::Error;
use crate::metadata::{Metadata, Method};
use crate::pointer::join;
use crate::selection::Selection;
use crate::shape::{Shape, check_metadata, check_shapes, flag, texts};

/// The keys of an entry that are understood, beside `schema` and `metadata`.
const KEYS: &[(&str, Shape)] = &[
    ("tap_stream_id", Shape::Text),
    ("stream", Shape::Text),
    ("schema", Shape::Object),
    ("key_properties", Shape::Texts),
    ("replication_key", Shape::Text),
    ("replication_method", Shape::Method),
    ("is_view", Shape::Flag),
    ("database_name", Shape::Text),
    ("table_name", Shape::Text),
    ("row_count", Shape::Count),
    ("stream_alias", Shape::Text),
    ("selected", Shape::Flag),
];

/// One stream of a catalog, kept as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogEntry {
    json: Map<String, Value>,
}

/// The replication that a user asks for in a catalog; `None` where nothing was said.
///
/// The tap honours it or refuses it with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicationChoice {
    /// The method.
    pub method: Option<Method>,
    /// The replication key.
    pub key: Option<String>,
}

impl CatalogEntry {
    pub(crate) fn from_parts(json: Map<String, Value>) -> CatalogEntry {
        CatalogEntry { json }
    }

    pub(crate) fn from_json(json: Value, at: &str) -> Result<CatalogEntry, Error> {
        let json = into_object(json, at)?;
        check_shapes(&json, KEYS, at)?;
        if !json.get("tap_stream_id").is_some_and(Value::is_string) {
            return Err(missing(&join(at, "tap_stream_id"), "the stream's name"));
        }
        match json.get("metadata") {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                let at = join(at, "metadata");
                for (index, item) in items.iter().enumerate() {
                    check_item(item, &join(&at, index))?;
                }
            }
            Some(other) => return Err(wrong(other, &join(at, "metadata"), "a list")),
        }
        Ok(CatalogEntry { json })
    }

    /// Of the entry what a run needs: not the schema, which is the tap's own, and of a stream that is not
    /// selected nothing of its fields.
    #[must_use]
    pub fn brief(mut self) -> CatalogEntry {
        let is_selected = Selection::of(&self).stream_selected();
        if let Some(schema) = self.json.get_mut("schema").and_then(Value::as_object_mut) {
            schema.retain(|key, _| key == "selected");
        }
        if let Some(Value::Array(metadata)) = self.json.get_mut("metadata").filter(|_| !is_selected)
        {
            metadata.retain(|item| item["breadcrumb"].as_array().is_some_and(Vec::is_empty));
            metadata.shrink_to_fit();
        }
        self
    }

    /// The entry as JSON.
    pub fn to_json(&self) -> Value {
        Value::Object(self.json.clone())
    }

    /// The name by which the tap knows the stream.
    pub fn tap_stream_id(&self) -> &str {
        self.text("tap_stream_id").unwrap_or_default()
    }

    /// The name of the stream in messages.
    pub fn stream(&self) -> &str {
        self.text("stream").unwrap_or_else(|| self.tap_stream_id())
    }

    /// The name that the user wants the stream to have downstream.
    pub fn stream_alias(&self) -> Option<&str> {
        self.text("stream_alias")
    }

    /// The stream's JSON Schema.
    pub fn schema(&self) -> Option<&Value> {
        self.get("schema")
    }

    /// The fields that identify a record; `None` when the entry does not say.
    pub fn key_properties(&self) -> Option<Vec<&str>> {
        self.get("key_properties").and_then(Value::as_array).map(|list| texts(list))
    }

    /// The table behind the stream.
    pub fn table_name(&self) -> Option<&str> {
        self.text("table_name")
    }

    /// The metadata, one breadcrumb after the other.
    pub fn metadata(&self) -> impl Iterator<Item = (Vec<&str>, Metadata<'_>)> {
        self.get("metadata").and_then(Value::as_array).into_iter().flatten().filter_map(|item| {
            let breadcrumb = item.get("breadcrumb")?.as_array().map(|list| texts(list))?;
            Some((breadcrumb, Metadata::new(item.get("metadata")?.as_object()?)))
        })
    }

    /// The metadata of the stream itself; the last, where an entry repeats it.
    pub fn root(&self) -> Option<Metadata<'_>> {
        self.metadata()
            .filter(|(breadcrumb, _)| breadcrumb.is_empty())
            .last()
            .map(|(_, metadata)| metadata)
    }

    /// What older clients, and Meltano still, write beside the metadata: `selected` on the entry
    /// or in its schema.
    pub fn legacy_selected(&self) -> Option<bool> {
        let in_schema = || self.schema()?.get("selected").and_then(flag);
        self.get("selected").and_then(flag).or_else(in_schema)
    }

    /// The replication that the user asks for: metadata first, then the keys of the entry.
    pub fn replication_choice(&self) -> ReplicationChoice {
        let root = self.root();
        let method = root
            .and_then(Metadata::replication_method)
            .or_else(|| self.text("replication_method").and_then(Method::from_name));
        let key = root.and_then(Metadata::replication_key).or_else(|| self.text("replication_key"));
        ReplicationChoice { method, key: key.map(str::to_owned) }
    }

    /// The entry with `selected` written where `choose` says so, as a user would write it; it is
    /// asked about the stream and every breadcrumb that has metadata.
    #[must_use]
    pub fn with_selection(mut self, choose: &dyn Fn(&[&str]) -> Option<bool>) -> CatalogEntry {
        let list = self.json.entry("metadata").or_insert(Value::Null);
        if !list.is_array() {
            *list = Value::Array(Vec::new());
        }
        let Value::Array(items) = list else { return self };
        let is_root = |item: &Value| item["breadcrumb"].as_array().is_some_and(Vec::is_empty);
        if choose(&[]).is_some() && !items.iter().any(is_root) {
            items.push(serde_json::json!({"breadcrumb": [], "metadata": {}}));
        }
        for item in items {
            let chosen = item["breadcrumb"].as_array().and_then(|steps| choose(&texts(steps)));
            if let (Some(selected), Some(Value::Object(metadata))) =
                (chosen, item.get_mut("metadata"))
            {
                metadata.insert("selected".to_owned(), Value::Bool(selected));
            }
        }
        self
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.json.get(key).filter(|value| !value.is_null())
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }
}

fn check_item(item: &Value, at: &str) -> Result<(), Error> {
    let object = item.as_object().ok_or_else(|| wrong(item, at, "an object"))?;
    let breadcrumb = join(at, "breadcrumb");
    match object.get("breadcrumb") {
        Some(Value::Array(steps)) if steps.iter().all(Value::is_string) => {}
        Some(other) => return Err(wrong(other, &breadcrumb, "a list of strings")),
        None => return Err(missing(&breadcrumb, "a list of strings")),
    }
    let pointer = join(at, "metadata");
    match object.get("metadata") {
        Some(Value::Object(values)) => check_metadata(values, &pointer),
        Some(other) => Err(wrong(other, &pointer, "an object")),
        None => Err(missing(&pointer, "an object")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(json: Value) -> CatalogEntry {
        CatalogEntry::from_json(json, "").unwrap()
    }

    #[test]
    fn every_known_key_of_an_entry_is_read() {
        let json = json!({
            "tap_stream_id": "s-a", "stream": "a", "schema": {"type": "object"},
            "key_properties": ["id"], "replication_key": "at", "replication_method": "FULL_TABLE",
            "is_view": false, "database_name": "d", "table_name": "t", "row_count": 3,
            "stream_alias": "b", "selected": true,
        });
        assert_eq!(json.as_object().unwrap().len(), KEYS.len(), "a key without a test");
        let entry = entry(json);
        assert_eq!((entry.tap_stream_id(), entry.stream()), ("s-a", "a"));
        assert_eq!(entry.schema(), Some(&json!({"type": "object"})));
        assert_eq!(entry.key_properties(), Some(vec!["id"]));
        assert_eq!(entry.table_name(), Some("t"));
        assert_eq!(entry.stream_alias(), Some("b"));
        assert_eq!(entry.legacy_selected(), Some(true));
        let choice = entry.replication_choice();
        assert_eq!((choice.method, choice.key), (Some(Method::FullTable), Some("at".into())));
    }

    #[test]
    fn metadata_goes_before_the_keys_of_the_entry() {
        let entry = entry(json!({
            "tap_stream_id": "a", "replication_key": "legacy", "replication_method": "INCREMENTAL",
            "metadata": [{"breadcrumb": [], "metadata": {
                "replication-key": "asked", "replication-method": "FULL_TABLE",
            }}],
        }));
        let choice = entry.replication_choice();
        assert_eq!((choice.method, choice.key), (Some(Method::FullTable), Some("asked".into())));
        assert_eq!(entry.stream(), "a");
    }

    #[test]
    fn selection_is_written_beside_what_is_there() {
        let choose = |path: &[&str]| match path {
            [] => Some(true),
            ["properties", name] => Some(*name == "x"),
            _ => None,
        };
        let entry = entry(json!({"tap_stream_id": "a", "metadata": [
            {"breadcrumb": ["properties", "x"], "metadata": {"inclusion": "available"}},
            {"breadcrumb": ["properties", "y"], "metadata": {}},
            {"breadcrumb": ["properties", "y", "items"], "metadata": {}}]}));
        assert_eq!(
            entry.with_selection(&choose).to_json()["metadata"],
            json!([
                {"breadcrumb": ["properties", "x"], "metadata": {"inclusion": "available", "selected": true}},
                {"breadcrumb": ["properties", "y"], "metadata": {"selected": false}},
                {"breadcrumb": ["properties", "y", "items"], "metadata": {}},
                {"breadcrumb": [], "metadata": {"selected": true}},
            ])
        );
    }
}
