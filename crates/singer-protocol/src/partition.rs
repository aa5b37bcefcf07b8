//! The names of partitions in a state.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

/// Everything but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The name of a partition: its values in declared order, percent-encoded, joined by `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionKey(Arc<str>);

impl PartitionKey {
    /// The name of the partition with these values.
    pub fn new<S: AsRef<str>>(values: &[S]) -> PartitionKey {
        let encoded: Vec<String> = values
            .iter()
            .map(|value| utf8_percent_encode(value.as_ref(), RESERVED).to_string())
            .collect();
        PartitionKey(encoded.join("/").into())
    }

    /// The name of the partition with these JSON scalars; `None` when one is a container.
    pub fn from_scalars<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<PartitionKey> {
        values.into_iter().map(scalar_text).collect::<Option<Vec<_>>>().map(|v| Self::new(&v))
    }

    /// A name as it stands in a state.
    pub(crate) fn from_state(text: &str) -> PartitionKey {
        PartitionKey(text.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The values, decoded.
    pub fn values(&self) -> Vec<String> {
        self.0
            .split('/')
            .map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned())
            .collect()
    }
}

impl fmt::Display for PartitionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(values: &[&str], name: &str) {
        let key = PartitionKey::new(values);
        assert_eq!(key.as_str(), name);
        assert_eq!(key.values(), values);
        assert_eq!(PartitionKey::from_state(name), key);
    }

    #[test]
    fn values_are_encoded_and_come_back() {
        check(&["acme", "widgets.rs-2_~"], "acme/widgets.rs-2_~");
        check(&["a/b", "50 %"], "a%2Fb/50%20%25");
        check(&["", "x"], "/x");
        check(&["größe"], "gr%C3%B6%C3%9Fe");
    }

    #[test]
    fn scalars_are_named_by_their_text() {
        let key = |values: Value| PartitionKey::from_scalars(values.as_array().unwrap());
        assert_eq!(key(json!(["a", 7, true, null])).unwrap().as_str(), "a/7/true/");
        assert_eq!(key(json!([{}])), None);
    }
}
