//! The catalog: the streams of a tap, their schemas, and what the user asks for.

use serde_json::{Map, Value};

use crate::entry::CatalogEntry;
use crate::error::{Error, type_name};
use crate::pointer::join;

/// A catalog, whose unknown keys and order survive a round trip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    rest: Map<String, Value>,
    streams: Vec<CatalogEntry>,
}

impl Catalog {
    /// A catalog of these streams.
    pub fn new(streams: Vec<CatalogEntry>) -> Catalog {
        Catalog { rest: Map::new(), streams }
    }

    /// Reads a catalog.
    ///
    /// # Errors
    /// [`Error::Json`], or [`Error::Type`] and [`Error::Missing`] with the pointer of a value
    /// whose shape is not the protocol's.
    pub fn parse(text: &[u8]) -> Result<Catalog, Error> {
        let json = serde_json::from_slice(text)
            .map_err(|source| Error::Json { document: "catalog", source })?;
        Catalog::from_json(json)
    }

    /// Reads a catalog from JSON that is parsed already.
    ///
    /// # Errors
    /// As [`Catalog::parse`], without [`Error::Json`].
    pub fn from_json(json: Value) -> Result<Catalog, Error> {
        let mut rest = into_object(json, "")?;
        let Some(streams) = rest.get_mut("streams") else {
            return Err(missing("/streams", "a list of streams"));
        };
        // Null keeps the place of `streams` among the other keys.
        let streams = match streams.take() {
            Value::Array(streams) => streams,
            other => return Err(wrong(&other, "/streams", "a list of streams")),
        };
        let streams = streams
            .into_iter()
            .enumerate()
            .map(|(index, json)| CatalogEntry::from_json(json, &join("/streams", index)))
            .collect::<Result<_, _>>()?;
        Ok(Catalog { rest, streams })
    }

    /// The catalog as JSON.
    pub fn to_json(&self) -> Value {
        let mut json = self.rest.clone();
        let streams = self.streams.iter().map(CatalogEntry::to_json).collect();
        json.insert("streams".to_owned(), Value::Array(streams));
        Value::Object(json)
    }

    /// The streams, in order.
    pub fn streams(&self) -> &[CatalogEntry] {
        &self.streams
    }

    /// The stream with this `tap_stream_id`; the last one, where a catalog repeats it.
    pub fn entry(&self, tap_stream_id: &str) -> Option<&CatalogEntry> {
        self.streams.iter().rfind(|entry| entry.tap_stream_id() == tap_stream_id)
    }
}

pub(crate) fn into_object(json: Value, at: &str) -> Result<Map<String, Value>, Error> {
    match json {
        Value::Object(object) => Ok(object),
        other => Err(wrong(&other, at, "an object")),
    }
}

pub(crate) fn wrong(value: &Value, pointer: &str, expected: &str) -> Error {
    Error::Type {
        document: "catalog",
        pointer: pointer.to_owned(),
        expected: expected.to_owned(),
        found: type_name(value),
    }
}

pub(crate) fn missing(pointer: &str, expected: &str) -> Error {
    Error::Missing {
        document: "catalog",
        pointer: pointer.to_owned(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_keys_and_the_order_of_keys_survive_a_round_trip() {
        let text = r#"{"version":2,"streams":[{"x-first":[1],"tap_stream_id":"a","schema":{"type":"object","x":1},"row_count":5,"metadata":[{"x":1,"breadcrumb":[],"metadata":{"x-own":{"b":1,"a":2},"selected":"false"}}],"stream":"a"}],"after":null}"#;
        let catalog = Catalog::parse(text.as_bytes()).unwrap();
        assert_eq!(catalog.to_json().to_string(), text);
        assert_eq!(catalog, Catalog::from_json(catalog.to_json()).unwrap());
    }

    #[test]
    fn the_last_entry_of_a_name_counts() {
        let streams = json!([{"tap_stream_id": "a"}, {"tap_stream_id": "a", "stream": "b"}]);
        let catalog = Catalog::from_json(json!({"streams": streams})).unwrap();
        assert_eq!(catalog.entry("a").unwrap().stream(), "b");
        assert!(catalog.entry("c").is_none());
    }

    fn check(catalog: &str, message: &str) {
        assert_eq!(Catalog::parse(catalog.as_bytes()).unwrap_err().to_string(), message);
    }

    #[test]
    fn a_wrong_shape_is_told_with_its_pointer() {
        check("{", "cannot read the catalog (not valid JSON)");
        check("[]", "the catalog is a list (expected an object)");
        check("{}", "`/streams` in the catalog is missing (expected a list of streams)");
        check(
            r#"{"streams": {}}"#,
            "`/streams` in the catalog is an object (expected a list of streams)",
        );
        check(
            r#"{"streams": [{}]}"#,
            "`/streams/0/tap_stream_id` in the catalog is missing (expected the stream's name)",
        );
        check(
            r#"{"streams": [{"tap_stream_id": "a", "selected": 1}]}"#,
            "`/streams/0/selected` in the catalog is a number (expected true or false)",
        );
        check(
            r#"{"streams": [{"tap_stream_id": "a", "metadata": [{"metadata": {}}]}]}"#,
            "`/streams/0/metadata/0/breadcrumb` in the catalog is missing \
             (expected a list of strings)",
        );
        check(
            r#"{"streams": [{"tap_stream_id": "a", "metadata": [
                {"breadcrumb": [], "metadata": {"selected": "yes"}}]}]}"#,
            "`/streams/0/metadata/0/metadata/selected` in the catalog is another string \
             (expected true or false)",
        );
    }
}
