//! Which streams and fields the user wants.
//!
//! The rule is a superset of those in use. A field is out when the stream or any object on the
//! way to it is out; otherwise, in this order: `inclusion` `unsupported` is out, `automatic` is
//! in, then `selected`, then `selected-by-default`, and where nothing is said it follows its
//! parent. An entry without any metadata is wanted with all its fields; a stream that is absent
//! from a catalog is not; without a catalog a stream is wanted when the tap selects it by default.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::entry::CatalogEntry;
use crate::metadata::{Inclusion, Metadata, field_path};

/// What the user wants of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    stream: bool,
    /// Paths of names that are out by their own metadata; steps into list items left out.
    out: BTreeSet<Vec<String>>,
}

impl Selection {
    /// The stream with all its fields.
    pub fn all() -> Selection {
        Selection { stream: true, out: BTreeSet::new() }
    }

    /// Nothing of the stream.
    pub fn none() -> Selection {
        Selection { stream: false, out: BTreeSet::new() }
    }

    /// What a catalog entry says.
    pub fn of(entry: &CatalogEntry) -> Selection {
        let mut verdicts = HashMap::new();
        for (breadcrumb, metadata) in entry.metadata() {
            verdicts.insert(breadcrumb, own_verdict(metadata));
        }
        let stream = match entry.root() {
            None => entry.legacy_selected().unwrap_or(true),
            Some(root) => root_verdict(root, entry.legacy_selected()),
        };
        let out = verdicts
            .iter()
            .filter(|(_, verdict)| **verdict == Some(false))
            .filter_map(|(breadcrumb, _)| field_path(breadcrumb).filter(|path| !path.is_empty()))
            .map(|path| path.into_iter().map(str::to_owned).collect())
            .collect();
        Selection { stream, out }
    }

    /// What a run's catalog, if there is one, says of a stream.
    pub fn in_catalog(
        catalog: Option<&Catalog>,
        tap_stream_id: &str,
        selected_by_default: bool,
    ) -> Selection {
        match catalog {
            None if selected_by_default => Selection::all(),
            None => Selection::none(),
            Some(catalog) => {
                catalog.entry(tap_stream_id).map_or_else(Selection::none, Selection::of)
            }
        }
    }

    /// Whether the stream is wanted.
    pub fn stream_selected(&self) -> bool {
        self.stream
    }

    /// Whether a field is wanted, by the names on the way to it.
    ///
    /// The fields of objects in a list are named as if the list were its item: `name` in the items
    /// of `labels` is `["labels", "name"]`. The empty path is the stream. Keys are the caller's
    /// matter: they are in the records whatever a catalog says.
    pub fn field(&self, path: &[&str]) -> bool {
        let is_out = |out: &Vec<String>| {
            out.len() <= path.len() && out.iter().zip(path).all(|(out, name)| out == name)
        };
        self.stream && !self.out.iter().any(is_out)
    }

    /// Whether a field is out that stands in one of the objects on the way to this place, or in the
    /// object there. The empty path is the record.
    pub fn deselects_around(&self, path: &[&str]) -> bool {
        self.out.iter().any(|out| {
            out.split_last().is_some_and(|(_, above)| {
                above.len() <= path.len() && above.iter().zip(path).all(|(out, name)| out == name)
            })
        })
    }

    /// The schema without the fields that are out; the top-level fields in `keep` stay.
    ///
    /// An object none of whose declared fields is wanted goes as a whole, since an object without
    /// declared fields would be a free one.
    pub fn prune(&self, schema: &Value, keep: &[&str]) -> Value {
        let mut pruned = schema.clone();
        if let Some(Value::Object(properties)) = pruned.get_mut("properties") {
            let mut path = Vec::new();
            properties.retain(|name, field| {
                keep.contains(&name.as_str()) || self.prune_field(&mut path, name, field)
            });
        }
        pruned
    }

    /// Prunes one field; false when nothing of it is wanted.
    fn prune_field(&self, path: &mut Vec<String>, name: &str, field: &mut Value) -> bool {
        path.push(name.to_owned());
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let wanted = self.field(&names) && self.prune_inside(path, field);
        path.pop();
        wanted
    }

    fn prune_inside(&self, path: &mut Vec<String>, schema: &mut Value) -> bool {
        let Some(schema) = schema.as_object_mut() else { return true };
        let items = schema.get_mut("items").is_none_or(|items| self.prune_inside(path, items));
        items && self.prune_properties(path, schema)
    }

    fn prune_properties(&self, path: &mut Vec<String>, schema: &mut Map<String, Value>) -> bool {
        match schema.get_mut("properties") {
            Some(Value::Object(properties)) if !properties.is_empty() => {
                properties.retain(|name, field| self.prune_field(path, name, field));
                !properties.is_empty()
            }
            _ => true,
        }
    }
}

/// What the metadata of a breadcrumb says by itself; `None` is "as the parent".
fn own_verdict(metadata: Metadata<'_>) -> Option<bool> {
    match metadata.inclusion() {
        Some(Inclusion::Unsupported) => Some(false),
        Some(Inclusion::Automatic) => Some(true),
        Some(Inclusion::Available) | None => {
            metadata.selected().or_else(|| metadata.selected_by_default())
        }
    }
}

fn root_verdict(root: Metadata<'_>, legacy: Option<bool>) -> bool {
    match root.inclusion() {
        Some(Inclusion::Unsupported) => false,
        Some(Inclusion::Automatic) => true,
        Some(Inclusion::Available) | None => {
            root.selected().or(legacy).or_else(|| root.selected_by_default()).unwrap_or(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_deselected_field_is_noticed_from_its_object_and_all_below() {
        let metadata: &[(&[&str], Value)] = &[(A_B, json!({"selected": false}))];
        let selection = Selection::of(&entry(json!({}), metadata));
        for (path, expected) in [
            (&[][..], false),
            (&["a"], true),
            (&["a", "c"], true),
            (&["a", "c", "d"], true),
            (&["b"], false),
        ] {
            assert_eq!(selection.deselects_around(path), expected, "{path:?}");
        }
    }

    const STREAM: &[&str] = &[];
    const A: &[&str] = &["properties", "a"];
    const A_B: &[&str] = &["properties", "a", "properties", "b"];
    const ITEMS: &[&str] = &["properties", "a", "items"];
    const ITEMS_B: &[&str] = &["properties", "a", "items", "properties", "b"];

    fn entry(extra: Value, metadata: &[(&[&str], Value)]) -> CatalogEntry {
        let items: Vec<Value> = metadata
            .iter()
            .map(|(breadcrumb, values)| json!({"breadcrumb": breadcrumb, "metadata": values}))
            .collect();
        let mut json = json!({"tap_stream_id": "s", "metadata": items});
        for (key, value) in extra.as_object().unwrap() {
            json[key] = value.clone();
        }
        Catalog::from_json(json!({"streams": [json]})).unwrap().entry("s").unwrap().clone()
    }

    /// `expected` is the selection of the stream, of `a`, of `a.b` and of `c`.
    fn check(metadata: &[(&[&str], Value)], expected: [bool; 4]) {
        check_entry(&entry(json!({}), metadata), expected);
    }

    fn check_entry(entry: &CatalogEntry, expected: [bool; 4]) {
        let selection = Selection::of(entry);
        let found = [
            selection.stream_selected(),
            selection.field(&["a"]),
            selection.field(&["a", "b"]),
            selection.field(&["c"]),
        ];
        assert_eq!(found, expected, "{}", entry.to_json());
        assert_eq!(selection.field(&[]), selection.stream_selected());
    }

    const YES: [bool; 4] = [true; 4];
    const NO: [bool; 4] = [false; 4];
    const NOT_A: [bool; 4] = [true, false, false, true];
    const NOT_B: [bool; 4] = [true, true, false, true];

    #[test]
    fn a_stream_follows_its_own_metadata() {
        check(&[], YES);
        check(&[(STREAM, json!({}))], NO);
        check(&[(STREAM, json!({"inclusion": "available"}))], NO);
        check(&[(STREAM, json!({"selected": true}))], YES);
        check(&[(STREAM, json!({"selected": "true"}))], YES);
        check(&[(STREAM, json!({"selected": "False"}))], NO);
        check(&[(STREAM, json!({"selected": null, "selected-by-default": true}))], YES);
        check(&[(STREAM, json!({"selected": false, "selected-by-default": true}))], NO);
        check(&[(STREAM, json!({"selected-by-default": false}))], NO);
        check(&[(STREAM, json!({"inclusion": "automatic", "selected": false}))], YES);
        check(&[(STREAM, json!({"inclusion": "unsupported", "selected": true}))], NO);
        // Metadata for fields alone says nothing against the stream.
        check(&[(A, json!({"selected": false}))], NOT_A);
    }

    #[test]
    fn a_field_follows_its_own_metadata_and_its_parents() {
        let with = |breadcrumb: &'static [&'static str], values: Value| {
            [(STREAM, json!({"selected": true})), (breadcrumb, values)]
        };
        check(&with(A, json!({})), YES);
        check(&with(A, json!({"inclusion": "available"})), YES);
        check(&with(A, json!({"selected": true})), YES);
        check(&with(A, json!({"selected": "false"})), NOT_A);
        check(&with(A, json!({"selected-by-default": false})), NOT_A);
        check(&with(A, json!({"selected": true, "selected-by-default": false})), YES);
        check(&with(A, json!({"inclusion": "automatic", "selected": false})), YES);
        check(&with(A, json!({"inclusion": "unsupported", "selected": true})), NOT_A);
        check(&with(A_B, json!({"selected": false})), NOT_B);
        check(&with(ITEMS_B, json!({"selected": false})), NOT_B);
        check(&with(ITEMS, json!({"selected": false})), NOT_A);
        check(&with(&["somewhere"], json!({"selected": false})), YES);
        // A parent that is out takes even the selected and the automatic with it.
        let out = (A, json!({"selected": false}));
        check(&[out.clone(), (A_B, json!({"selected": true}))], NOT_A);
        check(&[out.clone(), (A_B, json!({"inclusion": "automatic"}))], NOT_A);
        check(&[(STREAM, json!({"selected": false})), (A, json!({"selected": true}))], NO);
        // The last word counts.
        check(&[out, (A, json!({"selected": true}))], YES);
    }

    #[test]
    fn legacy_keys_count_where_metadata_is_silent() {
        let root = |values: Value| [(STREAM, values)];
        let schema = json!({"schema": {"selected": false}});
        check_entry(&entry(json!({"selected": false}), &[]), NO);
        check_entry(&entry(json!({"selected": "true"}), &root(json!({}))), YES);
        check_entry(&entry(json!({"selected": true}), &root(json!({"selected": false}))), NO);
        check_entry(&entry(json!({"selected": false}), &root(json!({"selected": true}))), YES);
        check_entry(
            &entry(json!({"selected": false}), &root(json!({"selected-by-default": true}))),
            NO,
        );
        check_entry(
            &entry(json!({"selected": false}), &root(json!({"inclusion": "automatic"}))),
            YES,
        );
        check_entry(&entry(schema.clone(), &[]), NO);
        check_entry(&entry(schema, &root(json!({"selected": true}))), YES);
    }

    #[test]
    fn without_a_catalog_the_default_counts_and_an_absent_stream_is_out() {
        assert_eq!(Selection::in_catalog(None, "s", true), Selection::all());
        assert_eq!(Selection::in_catalog(None, "s", false), Selection::none());
        let catalog = Catalog::new(vec![entry(json!({}), &[])]);
        assert!(Selection::in_catalog(Some(&catalog), "s", false).stream_selected());
        assert!(!Selection::in_catalog(Some(&catalog), "other", true).stream_selected());
        assert!(!Selection::none().field(&["a"]));
    }

    #[test]
    fn a_schema_is_pruned_in_objects_and_lists_and_keeps_its_keys() {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": "integer"},
            "a": {"type": ["array", "null"], "items": {"type": "object", "properties": {
                "b": {"type": "string"}, "d": {"type": "string"}}}},
            "owner": {"type": ["object", "null"], "properties": {"login": {"type": "string"}}},
            "free": {"type": ["object", "null"], "properties": {}},
        }});
        let deselected = json!({"selected": false});
        let selection = Selection::of(&entry(
            json!({}),
            &[
                (&["properties", "id"], deselected.clone()),
                (ITEMS_B, deselected.clone()),
                (&["properties", "owner", "properties", "login"], deselected),
            ],
        ));
        assert_eq!(
            selection.prune(&schema, &["id"]),
            json!({"type": "object", "properties": {
                "id": {"type": "integer"},
                "a": {"type": ["array", "null"], "items": {"type": "object", "properties": {
                    "d": {"type": "string"}}}},
                "free": {"type": ["object", "null"], "properties": {}},
            }})
        );
        assert_eq!(Selection::all().prune(&schema, &[]), schema);
    }
}
