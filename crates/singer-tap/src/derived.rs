//! The schema of a stream, from a Rust type.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The formats that the dialect has.
const FORMATS: [&str; 5] = ["date-time", "date", "time", "uuid", "unix-time"];

/// The schema of a record of this type in the dialect that every target takes: fields are nullable
/// but for the keys, since an API may leave out what its documentation promises.
///
/// What the dialect cannot say, such as a choice of types, stays as it is, so that the lint tells
/// of it.
pub(crate) fn schema_of<R: JsonSchema>(keys: &[String]) -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<R>();
    let mut record = plain(schema.as_value(), false);
    let fields = record.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        if keys.contains(name) {
            *field = plain(field, false);
        }
    }
    record
}

/// A schema with the keywords of the dialect only.
fn plain(schema: &Value, nullable: bool) -> Value {
    let Some((kind, schema)) = kind_and_place(schema) else { return schema.clone() };
    // Seconds are written as a date-time.
    let kind = if schema["format"] == "unix-time" { "string" } else { kind };
    let mut plain = Map::new();
    plain.insert("type".to_owned(), if nullable { json!(["null", kind]) } else { json!(kind) });
    if let Some(format) = schema["format"].as_str().filter(|format| FORMATS.contains(format)) {
        plain.insert("format".to_owned(), json!(format));
    }
    if let Some(description) = schema["description"].as_str() {
        let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
        plain.insert("description".to_owned(), json!(line));
    }
    if let Some(fields) = schema["properties"].as_object() {
        let field = |(name, field): (&String, &Value)| (name.clone(), self::plain(field, true));
        plain.insert("properties".to_owned(), Value::Object(fields.iter().map(field).collect()));
    }
    if let Some(items) = schema.get("items") {
        plain.insert("items".to_owned(), self::plain(items, false));
    }
    Value::Object(plain)
}

/// The one type beside null, and the schema that has it; none where there are several.
fn kind_and_place(schema: &Value) -> Option<(&str, &Value)> {
    match &schema["type"] {
        Value::String(kind) => return Some((kind, schema)),
        Value::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            return kinds.next().filter(|_| kinds.next().is_none()).map(|kind| (kind, schema));
        }
        _ => {}
    }
    let choices = schema["anyOf"].as_array().or(schema["oneOf"].as_array())?;
    let mut choices = choices.iter().filter(|choice| choice["type"] != "null");
    let first = kind_and_place(choices.next()?)?;
    // Several texts are a text; of several objects none is the one.
    let same = |choice: &Value| kind_and_place(choice).is_some_and(|(kind, _)| kind == first.0);
    let mut rest = choices.peekable();
    (rest.peek().is_none() || first.0 == "string" && rest.all(same)).then_some(first)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::Stream;

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "what is checked is its schema")]
    struct Order {
        id: u64,
        /// What it
        /// costs.
        total: f64,
        note: Option<String>,
        #[schemars(extend("format" = "date-time"))]
        updated_at: String,
        #[schemars(extend("format" = "unix-time"))]
        paid_at: Option<i64>,
        status: Status,
        address: Option<Address>,
        lines: Vec<Line>,
        labels: BTreeMap<String, String>,
        amount: Option<u8>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "what is checked is its schema")]
    struct Address {
        city: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "what is checked is its schema")]
    struct Line {
        product_id: i64,
    }

    #[derive(Deserialize, JsonSchema)]
    enum Status {
        /// It waits.
        Open,
        Paid,
    }

    #[test]
    fn a_type_gives_a_schema_that_every_target_takes() {
        let keys = ["id".to_owned()];
        let schema = schema_of::<Order>(&keys);
        let stream = Stream::new("orders").schema_of::<Order>().key(["id"]);
        let written = stream.parsed_schema().expect("a schema").json();
        assert_eq!(singer_protocol::lint(written, &keys), []);
        assert_eq!(written["properties"]["paid_at"]["format"], "date-time");
        let fields = json!({
            "id": {"type": "integer"},
            "total": {"type": ["null", "number"], "description": "What it costs."},
            "note": {"type": ["null", "string"]},
            "updated_at": {"type": ["null", "string"], "format": "date-time"},
            "paid_at": {"type": ["null", "string"], "format": "unix-time"},
            "status": {"type": ["null", "string"]},
            "address": {"type": ["null", "object"], "properties": {
                "city": {"type": ["null", "string"]}}},
            "lines": {"type": ["null", "array"], "items": {"type": "object", "properties": {
                "product_id": {"type": ["null", "integer"]}}}},
            "labels": {"type": ["null", "object"]},
            "amount": {"type": ["null", "integer"]}
        });
        assert_eq!(schema, json!({"type": "object", "properties": fields}));
    }

    #[test]
    fn the_order_of_the_calls_does_not_matter() {
        for stream in [
            Stream::new("orders").schema_of::<Order>().key(["id"]),
            Stream::new("orders").key(["id"]).schema_of::<Order>(),
        ] {
            let schema = stream.parsed_schema().expect("a schema").json();
            assert_eq!(schema["properties"]["id"]["type"], "integer");
        }
    }

    #[test]
    fn what_the_dialect_cannot_say_is_told_by_the_lint() {
        #[derive(Deserialize, JsonSchema)]
        #[expect(dead_code, reason = "what is checked is its schema")]
        struct Odd {
            id: u64,
            anything: Value,
        }
        let keys = ["id".to_owned()];
        assert!(!singer_protocol::lint(&schema_of::<Odd>(&keys), &keys).is_empty());
    }
}
