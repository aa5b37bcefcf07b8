//! The shapes of values in a catalog.

use serde_json::{Map, Value};

use crate::error::{Error, type_name};
use crate::metadata::{Inclusion, Method};
use crate::pointer::join;

/// The keys of metadata that are understood, with the shape of their values. Others are kept as they are.
///
/// See the [discovery documentation](https://github.com/singer-io/getting-started/blob/master/docs/DISCOVERY_MODE.md#metadata).
pub(crate) const METADATA_KEYS: &[(&str, Shape)] = &[
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
    check_shapes(values, METADATA_KEYS, at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wrong_shape_is_told_with_its_pointer_and_null_is_absent() {
        for (key, shape) in METADATA_KEYS {
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
}
