//! Catalog entries as discovery writes them.

use serde_json::{Map, Value, json};

use crate::entry::CatalogEntry;
use crate::metadata::{Inclusion, Method};

/// What a tap knows of a stream at discovery.
#[derive(Clone, Copy, Debug)]
pub struct Discovered<'a> {
    /// The stream's name, in the tap and in the messages.
    pub stream: &'a str,
    /// Its JSON Schema.
    pub schema: &'a Value,
    /// The fields that identify a record; none for a stream without a key.
    pub key: &'a [String],
    /// The replication key that is used unless the user asks for another.
    pub replication_key: Option<&'a str>,
    /// The replication keys that the user may ask for.
    pub valid_replication_keys: &'a [String],
    /// The method, where there is no choice.
    pub forced_replication_method: Option<Method>,
    /// The stream whose records this one is read for.
    pub parent: Option<&'a str>,
    /// Whether the stream is read when the user says nothing.
    pub selected_by_default: bool,
    /// Whether its fields are, where it is read.
    pub fields_selected_by_default: bool,
}

impl Discovered<'_> {
    /// The catalog entry, with metadata for the stream and for every field of its schema, those
    /// inside objects and list items too: what has no metadata cannot be selected in Meltano.
    pub fn entry(&self) -> CatalogEntry {
        let mut json = Map::new();
        let mut put = |key: &str, value: Value| json.insert(key.to_owned(), value);
        put("tap_stream_id", Value::from(self.stream));
        put("stream", Value::from(self.stream));
        put("key_properties", Value::from(self.key));
        let method = self.forced_replication_method.unwrap_or(match self.replication_key {
            Some(_) => Method::Incremental,
            None => Method::FullTable,
        });
        put("replication_method", Value::from(method.name()));
        if let Some(key) = self.replication_key {
            put("replication_key", Value::from(key));
        }
        put("schema", self.schema.clone());
        put("metadata", Value::Array(self.metadata()));
        CatalogEntry::from_parts(json)
    }

    fn metadata(&self) -> Vec<Value> {
        let mut items = vec![json!({"breadcrumb": [], "metadata": self.root()})];
        let mut breadcrumb = Vec::new();
        self.fields(self.schema, &mut breadcrumb, &mut items);
        items
    }

    fn root(&self) -> Map<String, Value> {
        let mut root = Map::new();
        let mut put = |key: &str, value: Value| root.insert(key.to_owned(), value);
        put("inclusion", Value::from(Inclusion::Available.name()));
        put("selected-by-default", Value::from(self.selected_by_default));
        put("table-key-properties", Value::from(self.key));
        if !self.valid_replication_keys.is_empty() {
            put("valid-replication-keys", Value::from(self.valid_replication_keys));
        }
        if let Some(method) = self.forced_replication_method {
            put("forced-replication-method", Value::from(method.name()));
        }
        if let Some(parent) = self.parent {
            put("parent-tap-stream-id", Value::from(parent));
        }
        root
    }

    fn fields<'s>(&self, schema: &'s Value, breadcrumb: &mut Vec<&'s str>, items: &mut Vec<Value>) {
        if let Some(item) = schema.get("items") {
            breadcrumb.push("items");
            self.fields(item, breadcrumb, items);
            breadcrumb.pop();
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, field) in properties.into_iter().flatten() {
            let inclusion = if breadcrumb.is_empty() && self.is_automatic(name) {
                Inclusion::Automatic
            } else {
                Inclusion::Available
            };
            breadcrumb.extend(["properties", name]);
            let mut metadata = json!({"inclusion": inclusion.name()});
            if !self.fields_selected_by_default && inclusion == Inclusion::Available {
                metadata["selected-by-default"] = Value::from(false);
            }
            items.push(json!({"breadcrumb": breadcrumb, "metadata": metadata}));
            self.fields(field, breadcrumb, items);
            breadcrumb.truncate(breadcrumb.len() - 2);
        }
    }

    fn is_automatic(&self, name: &str) -> bool {
        self.key.iter().any(|key| key == name) || self.replication_key == Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::entry::ReplicationChoice;
    use crate::selection::Selection;

    fn schema() -> Value {
        json!({"type": "object", "properties": {
            "id": {"type": "integer"},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "owner": {"type": ["object", "null"], "properties": {"id": {"type": "integer"}}},
            "labels": {"type": ["array", "null"], "items": {"type": "object", "properties": {
                "name": {"type": "string"}}}},
            "lists": {"type": ["array", "null"], "items": {"type": ["array", "null"], "items": {
                "type": ["string", "null"]}}},
        }})
    }

    #[test]
    fn every_field_has_metadata() {
        let (schema, key, keys) = (schema(), ["id".to_owned()], ["at".to_owned()]);
        let discovered = Discovered {
            stream: "issues",
            schema: &schema,
            key: &key,
            replication_key: Some("at"),
            valid_replication_keys: &keys,
            forced_replication_method: None,
            parent: Some("repositories"),
            selected_by_default: true,
            fields_selected_by_default: true,
        };
        let entry = discovered.entry();
        let json = entry.to_json();
        let metadata: Vec<String> =
            json["metadata"].as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!(
            metadata,
            [
                r#"{"breadcrumb":[],"metadata":{"inclusion":"available","selected-by-default":true,"table-key-properties":["id"],"valid-replication-keys":["at"],"parent-tap-stream-id":"repositories"}}"#,
                r#"{"breadcrumb":["properties","id"],"metadata":{"inclusion":"automatic"}}"#,
                r#"{"breadcrumb":["properties","at"],"metadata":{"inclusion":"automatic"}}"#,
                r#"{"breadcrumb":["properties","owner"],"metadata":{"inclusion":"available"}}"#,
                r#"{"breadcrumb":["properties","owner","properties","id"],"metadata":{"inclusion":"available"}}"#,
                r#"{"breadcrumb":["properties","labels"],"metadata":{"inclusion":"available"}}"#,
                r#"{"breadcrumb":["properties","labels","items","properties","name"],"metadata":{"inclusion":"available"}}"#,
                r#"{"breadcrumb":["properties","lists"],"metadata":{"inclusion":"available"}}"#,
            ]
        );
        let catalog = Catalog::from_json(Catalog::new(vec![entry]).to_json()).unwrap();
        let entry = catalog.entry("issues").unwrap();
        assert_eq!(entry.to_json(), json);
        assert_eq!(entry.schema(), Some(&schema));
        assert_eq!(Selection::of(entry), Selection::all());
        let choice =
            ReplicationChoice { method: Some(Method::Incremental), key: Some("at".into()) };
        assert_eq!(entry.replication_choice(), choice);
    }

    #[test]
    fn a_stream_without_key_or_choice_says_so() {
        let schema = schema();
        let discovered = Discovered {
            stream: "labels",
            schema: &schema,
            key: &[],
            replication_key: None,
            valid_replication_keys: &[],
            forced_replication_method: Some(Method::FullTable),
            parent: None,
            selected_by_default: false,
            fields_selected_by_default: true,
        };
        let entry = discovered.entry();
        assert_eq!(entry.key_properties(), Some(vec![]));
        let root = entry.root().unwrap();
        assert_eq!(root.forced_replication_method(), Some(Method::FullTable));
        assert_eq!(root.parent_tap_stream_id(), None);
        assert_eq!(entry.replication_choice().key, None);
        assert_eq!(Selection::of(&entry), Selection::none());
        assert!(
            Selection::of(&entry.with_selection(&|path| path.is_empty().then_some(true)))
                .field(&["id"])
        );
        let sparing = Discovered { fields_selected_by_default: false, ..discovered };
        let entry = sparing.entry().with_selection(&|path| path.is_empty().then_some(true));
        assert!(!Selection::of(&entry).field(&["id"]), "fields have to be selected");
    }
}
