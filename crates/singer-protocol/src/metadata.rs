//! Catalog metadata: what a tap says about a stream or field, and what a user asks for.

use serde_json::{Map, Value};

use crate::shape::{flag, texts};

/// How a stream is replicated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Everything, each run.
    FullTable,
    /// What changed since the bookmark.
    Incremental,
    /// What a change log tells.
    LogBased,
}

impl Method {
    /// The method as the protocol spells it.
    pub fn name(self) -> &'static str {
        match self {
            Method::FullTable => "FULL_TABLE",
            Method::Incremental => "INCREMENTAL",
            Method::LogBased => "LOG_BASED",
        }
    }

    /// The method with this name, in any case of letters.
    pub fn from_name(name: &str) -> Option<Method> {
        [Method::FullTable, Method::Incremental, Method::LogBased]
            .into_iter()
            .find(|method| method.name().eq_ignore_ascii_case(name))
    }
}

/// Whether a field can be, or always is, in the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Inclusion {
    /// The user may select it.
    Available,
    /// It is always there.
    Automatic,
    /// It cannot be read.
    Unsupported,
}

impl Inclusion {
    /// The inclusion as the protocol spells it.
    pub fn name(self) -> &'static str {
        match self {
            Inclusion::Available => "available",
            Inclusion::Automatic => "automatic",
            Inclusion::Unsupported => "unsupported",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Inclusion> {
        [Inclusion::Available, Inclusion::Automatic, Inclusion::Unsupported]
            .into_iter()
            .find(|inclusion| inclusion.name().eq_ignore_ascii_case(name))
    }
}

/// The metadata of one breadcrumb, as it stands in a catalog whose shapes were checked.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'a>(&'a Map<String, Value>);

impl<'a> Metadata<'a> {
    pub(crate) fn new(values: &'a Map<String, Value>) -> Metadata<'a> {
        Metadata(values)
    }

    /// Any value, known or not.
    pub fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// What the user said; `"true"` and `"false"` count as booleans.
    pub fn selected(self) -> Option<bool> {
        self.get("selected").and_then(flag)
    }

    /// What holds when the user said nothing.
    pub fn selected_by_default(self) -> Option<bool> {
        self.get("selected-by-default").and_then(flag)
    }

    /// Whether the field can be selected.
    pub fn inclusion(self) -> Option<Inclusion> {
        self.text("inclusion").and_then(Inclusion::from_name)
    }

    /// The method that the user asks for.
    pub fn replication_method(self) -> Option<Method> {
        self.text("replication-method").and_then(Method::from_name)
    }

    /// The replication key that the user asks for.
    pub fn replication_key(self) -> Option<&'a str> {
        self.text("replication-key")
    }

    /// The replication keys that the tap allows.
    pub fn valid_replication_keys(self) -> Vec<&'a str> {
        self.texts("valid-replication-keys")
    }

    /// The only method that the tap allows.
    pub fn forced_replication_method(self) -> Option<Method> {
        self.text("forced-replication-method").and_then(Method::from_name)
    }

    /// The stream whose records this stream is read for.
    pub fn parent_tap_stream_id(self) -> Option<&'a str> {
        self.text("parent-tap-stream-id")
    }

    fn text(self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Value::as_str)
    }

    fn texts(self, key: &str) -> Vec<&'a str> {
        self.get(key).and_then(Value::as_array).map(|list| texts(list)).unwrap_or_default()
    }
}

/// The names of the fields on the way that a breadcrumb describes; steps into list items are left
/// out. `None` when it is no way through a schema.
///
/// `["properties", "labels", "items", "properties", "name"]` is `["labels", "name"]`.
pub fn field_path<S: AsRef<str>>(breadcrumb: &[S]) -> Option<Vec<&str>> {
    let mut path = Vec::new();
    let mut steps = breadcrumb.iter().map(AsRef::as_ref);
    while let Some(step) = steps.next() {
        match step {
            "properties" => path.push(steps.next()?),
            "items" => {}
            _ => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shape::{METADATA_KEYS, check_metadata};

    #[test]
    fn every_known_key_is_read() {
        let json = json!({
            "selected": "True", "replication-method": "INCREMENTAL", "replication-key": "at",
            "view-key-properties": ["v"], "inclusion": "automatic", "selected-by-default": false,
            "valid-replication-keys": ["at"], "forced-replication-method": "FULL_TABLE",
            "table-key-properties": ["id"], "schema-name": "s", "is-view": true, "row-count": 7,
            "database-name": "d", "sql-datatype": "t", "parent-tap-stream-id": "p", "x-own": 1,
        });
        let values = json.as_object().unwrap();
        check_metadata(values, "").unwrap();
        let metadata = Metadata::new(values);
        assert_eq!(metadata.selected(), Some(true));
        assert_eq!(metadata.replication_method(), Some(Method::Incremental));
        assert_eq!(metadata.replication_key(), Some("at"));
        assert_eq!(metadata.inclusion(), Some(Inclusion::Automatic));
        assert_eq!(metadata.selected_by_default(), Some(false));
        assert_eq!(metadata.valid_replication_keys(), ["at"]);
        assert_eq!(metadata.forced_replication_method(), Some(Method::FullTable));
        assert_eq!(metadata.parent_tap_stream_id(), Some("p"));
        assert_eq!(metadata.get("x-own"), Some(&json!(1)));
        assert_eq!(values.len(), METADATA_KEYS.len() + 1, "a key without a test");
    }

    #[test]
    fn a_breadcrumb_names_its_fields() {
        let check = |breadcrumb: &[&str], path: Option<&[&str]>| {
            assert_eq!(field_path(breadcrumb).as_deref(), path, "{breadcrumb:?}");
        };
        check(&[], Some(&[]));
        check(&["properties", "a", "properties", "b"], Some(&["a", "b"]));
        check(&["properties", "a", "items", "properties", "b"], Some(&["a", "b"]));
        check(&["properties", "a", "items", "items"], Some(&["a"]));
        check(&["properties", "items", "properties", "properties"], Some(&["items", "properties"]));
        check(&["properties"], None);
        check(&["a"], None);
    }
}
