//! The catalog: the streams of a tap, their schemas, and what the user asks for.

use serde::Deserialize;
use serde_json::value::RawValue;
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

/// The streams of a catalog, not yet read.
#[derive(Deserialize)]
struct Texts<'t> {
    #[serde(borrow)]
    streams: Vec<&'t RawValue>,
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

    /// Reads of a catalog what a run needs, see [`CatalogEntry::brief`], one stream after the other: a tap of
    /// many fields has a large one.
    ///
    /// # Errors
    /// As [`Catalog::parse`].
    pub fn parse_brief(text: &[u8]) -> Result<Catalog, Error> {
        let Ok(Texts { streams }) = serde_json::from_slice::<Texts<'_>>(text) else {
            // What is wrong with it is told by who reads all of it.
            return Catalog::parse(text);
        };
        let entry = |(index, text): (usize, &RawValue)| {
            let json = serde_json::from_str(text.get())
                .map_err(|source| Error::Json { document: "catalog", source })?;
            CatalogEntry::from_json(json, &join("/streams", index)).map(CatalogEntry::brief)
        };
        let streams = streams.into_iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        Ok(Catalog::new(streams))
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
    use crate::selection::Selection;

    #[test]
    fn unknown_keys_and_the_order_of_keys_survive_a_round_trip() {
        let text = r#"{"version":2,"streams":[{"x-first":[1],"tap_stream_id":"a","schema":{"type":"object","x":1},"row_count":5,"metadata":[{"x":1,"breadcrumb":[],"metadata":{"x-own":{"b":1,"a":2},"selected":"false"}}],"stream":"a"}],"after":null}"#;
        let catalog = Catalog::parse(text.as_bytes()).unwrap();
        assert_eq!(catalog.to_json().to_string(), text);
        assert_eq!(catalog, Catalog::from_json(catalog.to_json()).unwrap());
    }

    #[test]
    fn a_brief_catalog_selects_the_same() {
        let stream = |name: &str, selected: bool| {
            json!({"tap_stream_id": name, "schema": {"type": "object", "properties": {"id": {}, "x": {}}},
                "key_properties": ["id"], "replication_method": "FULL_TABLE", "metadata": [
                    {"breadcrumb": [], "metadata": {"selected": selected}},
                    {"breadcrumb": ["properties", "x"], "metadata": {"selected": false}}]})
        };
        let legacy = json!({"tap_stream_id": "c", "schema": {"selected": false, "type": "object"}});
        let json = json!({"streams": [stream("a", true), stream("b", false), legacy]}).to_string();
        let whole = Catalog::parse(json.as_bytes()).unwrap();
        let brief = Catalog::parse_brief(json.as_bytes()).unwrap();
        for (one, other) in whole.streams().iter().zip(brief.streams()) {
            let (one_said, other_said) = (Selection::of(one), Selection::of(other));
            assert_eq!(one_said.stream_selected(), other_said.stream_selected());
            if one_said.stream_selected() {
                assert_eq!(one_said, other_said);
            }
            assert_eq!(one.key_properties(), other.key_properties());
            assert_eq!(one.replication_choice(), other.replication_choice());
        }
        let brief = brief.to_json().to_string();
        assert!(!brief.contains("\"id\":{}"), "it has no schema: {brief}");
        assert_eq!(brief.matches("properties\",\"x\"").count(), 1, "of `a` only: {brief}");
        for broken in ["{", "{}", r#"{"streams": [{}]}"#] {
            let [whole, brief] = [Catalog::parse, Catalog::parse_brief]
                .map(|parse| parse(broken.as_bytes()).unwrap_err().to_string());
            assert_eq!(whole, brief, "{broken}");
        }
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
        check(
            "{",
            "cannot read the catalog (not valid JSON: it ends too soon, at line 1, column 1); \
             `--discover` prints one",
        );
        check("[]", "the catalog is a list (expected an object); `--discover` prints one");
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
