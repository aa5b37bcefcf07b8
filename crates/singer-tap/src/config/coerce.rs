//! Strings become what the schema declares: environment variables and Meltano send text.

use serde_json::{Map, Value};

/// Replaces each string setting whose declared type is integer, number, boolean, array or object
/// by the value it spells; text that spells nothing of the type stays, and the check names it.
pub(super) fn strings(config: &mut Map<String, Value>, schema: &Value) {
    for (name, value) in config.iter_mut() {
        if let Value::String(text) = value
            && let Some(coerced) = coerce(text, &schema["properties"][name.as_str()])
        {
            *value = coerced;
        }
    }
}

fn coerce(text: &str, setting: &Value) -> Option<Value> {
    if allows(setting, "string") {
        return None;
    }
    let parsed = || serde_json::from_str::<Value>(text.trim()).ok();
    let of = |kind: &str, fits: fn(&Value) -> bool| {
        if allows(setting, kind) { parsed().filter(fits) } else { None }
    };
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" if allows(setting, "boolean") => Some(Value::Bool(true)),
        "false" | "0" | "no" if allows(setting, "boolean") => Some(Value::Bool(false)),
        _ => of("integer", |v| v.is_i64() || v.is_u64())
            .or_else(|| of("number", Value::is_number))
            .or_else(|| of("array", Value::is_array))
            .or_else(|| of("object", Value::is_object)),
    }
}

/// Whether a setting's schema names `kind` among its types.
pub(super) fn allows(setting: &Value, kind: &str) -> bool {
    match &setting["type"] {
        Value::String(only) => only == kind,
        Value::Array(several) => several.iter().any(|each| each == kind),
        _ => ["anyOf", "oneOf"].iter().any(|word| {
            setting[*word].as_array().is_some_and(|arms| arms.iter().any(|arm| allows(arm, kind)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_becomes_the_declared_type_and_nothing_else() {
        let check = |text: &str, kind: Value, expected: Option<Value>| {
            assert_eq!(coerce(text, &json!({ "type": kind })), expected, "{text}");
        };
        check("8", json!("integer"), Some(json!(8)));
        check("8", json!(["integer", "null"]), Some(json!(8)));
        check("8.5", json!("integer"), None);
        check("8.5", json!("number"), Some(json!(8.5)));
        check("true", json!("boolean"), Some(json!(true)));
        check("No", json!("boolean"), Some(json!(false)));
        check(r#"["a/b"]"#, json!("array"), Some(json!(["a/b"])));
        check(r#"{"a":1}"#, json!("object"), Some(json!({"a": 1})));
        check("8", json!("string"), None);
        check("ten", json!("integer"), None);
    }
}
