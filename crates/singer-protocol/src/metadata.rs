//! Catalog metadata: what a tap says about a stream or field, and what a user asks for.

use serde_json::{Map, Value};

use crate::error::{Error, type_name};
use crate::pointer::join;

/// The keys that are understood, with the shape of their values. Others are kept as they are.
///
/// See the [discovery documentation](https://github.com/singer-io/getting-started/blob/master/docs/DISCOVERY_MODE.md#metadata).
const KEYS: &[(&str, Shape)] = &[
    ("selected", Shape::Flag),
    ("replication-method", Shape::Method),
    ("replication-key", Shape::Text),
    ("view-key-properties", Shape::Texts),
    ("inclusion", Shape::Inclusion),
    ("selected-by-default", Shape::Flag),
    ("valid-replication-keys", Shape::Texts),
    ("forced-replication-method", Shape::Method),
    ("table-key-properties", Shape::Texts),
    ("schema-name", Shape::Text),
    ("is-view", Shape::Flag),
    ("row-count", Shape::Count),
    ("database-name", Shape::Text),
    ("sql-datatype", Shape::Text),
    ("parent-tap-stream-id", Shape::Text),
];

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

    fn from_name(name: &str) -> Option<Inclusion> {
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

    /// The key of a view, as the user names it.
    pub fn view_key_properties(self) -> Vec<&'a str> {
        self.texts("view-key-properties")
    }

    /// The replication keys that the tap allows.
    pub fn valid_replication_keys(self) -> Vec<&'a str> {
        self.texts("valid-replication-keys")
    }

    /// The only method that the tap allows.
    pub fn forced_replication_method(self) -> Option<Method> {
        self.text("forced-replication-method").and_then(Method::from_name)
    }

    /// The key of the stream.
    pub fn table_key_properties(self) -> Vec<&'a str> {
        self.texts("table-key-properties")
    }

    /// The database schema of a table.
    pub fn schema_name(self) -> Option<&'a str> {
        self.text("schema-name")
    }

    /// The database of a table.
    pub fn database_name(self) -> Option<&'a str> {
        self.text("database-name")
    }

    /// The type of a database column.
    pub fn sql_datatype(self) -> Option<&'a str> {
        self.text("sql-datatype")
    }

    /// Whether the stream is a view.
    pub fn is_view(self) -> Option<bool> {
        self.get("is-view").and_then(flag)
    }

    /// About how many rows a table has.
    pub fn row_count(self) -> Option<u64> {
        self.get("row-count").and_then(Value::as_u64)
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

/// The strings of a list.
pub(crate) fn texts(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(Value::as_str).collect()
}

/// A boolean, also as text.
pub(crate) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The shape of a value in a catalog. Null is allowed everywhere and means absent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Flag,
    Text,
    Texts,
    Count,
    Method,
    Inclusion,
    Object,
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        match self {
            Shape::Flag => flag(value).is_some(),
            Shape::Text => value.is_string(),
            Shape::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            Shape::Count => value.is_u64() || value.is_i64(),
            Shape::Method => value.as_str().is_some_and(|name| Method::from_name(name).is_some()),
            Shape::Inclusion => {
                value.as_str().is_some_and(|name| Inclusion::from_name(name).is_some())
            }
            Shape::Object => value.is_object(),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Shape::Flag => "true or false",
            Shape::Text => "a string",
            Shape::Texts => "a list of strings",
            Shape::Count => "a whole number",
            Shape::Method => "`FULL_TABLE`, `INCREMENTAL` or `LOG_BASED`",
            Shape::Inclusion => "`available`, `automatic` or `unsupported`",
            Shape::Object => "an object",
        }
    }
}

/// Checks the values of an object against the shapes of its known keys.
pub(crate) fn check_shapes(
    values: &Map<String, Value>,
    shapes: &[(&str, Shape)],
    at: &str,
) -> Result<(), Error> {
    let misfit = shapes.iter().find_map(|(key, shape)| {
        let value = values.get(*key).filter(|value| !value.is_null() && !shape.fits(value))?;
        Some((key, shape, value))
    });
    match misfit {
        None => Ok(()),
        Some((key, shape, value)) => Err(Error::Type {
            document: "catalog",
            pointer: join(at, key),
            expected: shape.expected().to_owned(),
            found: match (shape, value) {
                (Shape::Method | Shape::Inclusion, Value::String(_)) => "another string",
                (Shape::Flag, Value::String(_)) => "another string",
                _ => type_name(value),
            },
        }),
    }
}

/// Checks the metadata of one breadcrumb.
pub(crate) fn check_metadata(values: &Map<String, Value>, at: &str) -> Result<(), Error> {
    check_shapes(values, KEYS, at)
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
        assert_eq!(metadata.view_key_properties(), ["v"]);
        assert_eq!(metadata.inclusion(), Some(Inclusion::Automatic));
        assert_eq!(metadata.selected_by_default(), Some(false));
        assert_eq!(metadata.valid_replication_keys(), ["at"]);
        assert_eq!(metadata.forced_replication_method(), Some(Method::FullTable));
        assert_eq!(metadata.table_key_properties(), ["id"]);
        assert_eq!(metadata.schema_name(), Some("s"));
        assert_eq!(metadata.is_view(), Some(true));
        assert_eq!(metadata.row_count(), Some(7));
        assert_eq!(metadata.database_name(), Some("d"));
        assert_eq!(metadata.sql_datatype(), Some("t"));
        assert_eq!(metadata.parent_tap_stream_id(), Some("p"));
        assert_eq!(metadata.get("x-own"), Some(&json!(1)));
        assert_eq!(values.len(), KEYS.len() + 1, "a key without a test");
    }

    #[test]
    fn a_wrong_shape_is_told_with_its_pointer_and_null_is_absent() {
        for (key, shape) in KEYS {
            let wrong = json!({(*key): {}});
            let error = check_metadata(wrong.as_object().unwrap(), "/m").unwrap_err().to_string();
            assert!(error.contains(&format!("`/m/{key}`")), "{error}");
            assert!(error.contains(shape.expected()), "{error}");
            let null = json!({(*key): null});
            check_metadata(null.as_object().unwrap(), "/m").unwrap();
        }
        let wrong = json!({"replication-method": "SOMETIMES"});
        let error = check_metadata(wrong.as_object().unwrap(), "").unwrap_err().to_string();
        assert!(error.contains("another string") && !error.contains("SOMETIMES"), "{error}");
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
