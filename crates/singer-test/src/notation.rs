//! Record schemas in short: a line a field, so that a snapshot of them can be reviewed.

use serde_json::{Map, Value};

/// A record's schema, a line a field: `id: integer`, `closed_at: date-time?`,
/// `user: {login: string?}?`, `labels: [string?]?`, `metadata: object?`.
///
/// `?` stands for null. What the notation does not know is shown as JSON, so that nothing of a
/// schema is left out but the order of its types.
pub(crate) fn fields(schema: &Value) -> String {
    let properties = schema["properties"].as_object();
    let mut lines: Vec<String> = properties
        .into_iter()
        .flatten()
        .map(|(name, field)| format!("  {name}: {}\n", kind(field)))
        .collect();
    let around: Map<String, Value> = (schema.as_object().into_iter().flatten())
        .filter(|(keyword, value)| {
            *keyword != "properties" && !(*keyword == "type" && *value == "object")
        })
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    if !around.is_empty() || properties.is_none() {
        lines.insert(0, format!("  {}\n", Value::Object(around)));
    }
    lines.concat()
}

fn kind(schema: &Value) -> String {
    let Some((name, is_nullable, rest)) = parts(schema) else {
        return schema.to_string();
    };
    let mut rest = rest;
    let text = match name {
        "object" => match rest.shift_remove("properties") {
            Some(Value::Object(properties)) => {
                let fields =
                    properties.iter().map(|(name, field)| format!("{name}: {}", kind(field)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            Some(other) => return format!("object with {other}"),
            None => name.to_owned(),
        },
        "array" => match rest.shift_remove("items") {
            Some(items) => format!("[{}]", kind(&items)),
            None => name.to_owned(),
        },
        "string" => match rest.shift_remove("format") {
            Some(Value::String(format)) => format,
            Some(other) => format!("string with {other}"),
            None => name.to_owned(),
        },
        other => other.to_owned(),
    };
    let null = if is_nullable { "?" } else { "" };
    let more = if rest.is_empty() { String::new() } else { format!(" {}", Value::Object(rest)) };
    format!("{text}{null}{more}")
}

/// The one type beside null, whether null is one, and the other keywords.
fn parts(schema: &Value) -> Option<(&str, bool, Map<String, Value>)> {
    let object = schema.as_object()?;
    let (name, is_nullable) = match object.get("type")? {
        Value::String(name) => (name.as_str(), false),
        Value::Array(types) => match types.as_slice() {
            [Value::String(null), Value::String(name)] if null == "null" => (name.as_str(), true),
            [Value::String(name), Value::String(null)] if null == "null" => (name.as_str(), true),
            _ => return None,
        },
        _ => return None,
    };
    let mut rest = object.clone();
    rest.shift_remove("type");
    Some((name, is_nullable, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_shown_by_its_type_and_whatever_else_its_schema_says() {
        let check = |schema: Value, expected: &str| assert_eq!(kind(&schema), expected);
        check(json!({"type": "integer"}), "integer");
        check(json!({"type": ["null", "integer"]}), "integer?");
        check(json!({"type": ["string", "null"], "format": "date-time"}), "date-time?");
        check(json!({"type": ["null", "object"]}), "object?");
        check(json!({"type": "array", "items": {"type": ["null", "number"]}}), "[number?]");
        check(
            json!({"type": ["null", "object"], "properties": {"a": {"type": "string"}, "b": {}}}),
            "{a: string, b: {}}?",
        );
        check(json!({"type": "string", "maxLength": 3}), r#"string {"maxLength":3}"#);
        check(json!({"anyOf": []}), r#"{"anyOf":[]}"#);
        check(json!({"type": ["string", "integer"]}), r#"{"type":["string","integer"]}"#);
    }

    #[test]
    fn what_a_schema_says_around_its_fields_comes_first() {
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        assert_eq!(fields(&schema), "  id: integer\n");
        let closed = json!({"type": "object", "properties": {}, "required": ["id"]});
        assert_eq!(fields(&closed), "  {\"required\":[\"id\"]}\n");
        assert_eq!(fields(&json!({"type": "object"})), "  {}\n");
    }
}
