//! What must not be seen: the secret settings.

use serde_json::{Map, Value, json};

use super::trial::Trial;
use crate::leak::Forms;
use crate::run::Invocation;

/// A secret with every character that some encoding changes; a number makes each its own.
fn canary(number: usize) -> String {
    format!(r#"canary{number:02}/Zk3q+8"Wv=pT5r9Lx%2Y"#)
}

/// The secrets of the config were looked for in every run so far. The other secret settings are set
/// here, in the right shape and in a wrong one; what the tap makes of them does not matter.
pub(super) fn secrets(trial: &Trial<'_>) -> Vec<String> {
    let settings = trial.settings["properties"].as_object().into_iter().flatten();
    for (at, (name, schema)) in settings.enumerate() {
        let canary = canary(at);
        let Some(planted) = plant(schema, &canary) else { continue };
        let forms = [Forms::of(name, &canary)];
        let mut values = vec![json!({"unknown": canary}), json!([[canary]])];
        if trial.config().get(name).is_none() {
            values.push(planted);
        }
        for value in values {
            let mut config = trial.config().clone();
            config[name] = value;
            for arguments in [&["--discover"][..], &["--about"], &[]] {
                trial.watched(&Invocation::of(&config).with(arguments), &forms);
            }
        }
    }
    trial.leaks()
}

/// The secrets that a config holds.
pub(super) fn of_config(settings: &Value, config: &Value) -> Vec<Forms> {
    let mut found = Vec::new();
    for (name, schema) in settings["properties"].as_object().into_iter().flatten() {
        if let Some(value) = config.get(name)
            && plant(schema, "").is_some()
        {
            texts(name, value, &mut found);
        }
    }
    found
}

fn texts(name: &str, value: &Value, found: &mut Vec<Forms>) {
    match value {
        Value::String(text) => found.push(Forms::of(name, text)),
        Value::Array(items) => items.iter().for_each(|item| texts(name, item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(name, value, found)),
        _ => {}
    }
}

/// A value of this schema with the secret wherever there is a place for one; `None` if there is none.
fn plant(schema: &Value, secret: &str) -> Option<Value> {
    for list in ["anyOf", "oneOf"] {
        let of = schema[list].as_array().into_iter().flatten();
        if let Some(planted) = of.into_iter().find_map(|schema| plant(schema, secret)) {
            return Some(planted);
        }
    }
    let is_secret = schema["secret"] == true;
    let is = |kind: &str| {
        schema["type"] == kind
            || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    if is("array") {
        let item = plant(&schema["items"], secret).or_else(|| is_secret.then(|| json!(secret)));
        return item.map(|item| json!([item]));
    }
    if is("object") {
        let fields = schema["properties"].as_object().into_iter().flatten();
        let mut planted: Map<String, Value> = fields
            .filter_map(|(name, schema)| Some((name.clone(), plant(schema, secret)?)))
            .collect();
        if let Some(value) = plant(&schema["additionalProperties"], secret) {
            planted.insert("any".to_owned(), value);
        }
        return (!planted.is_empty()).then_some(Value::Object(planted));
    }
    is_secret.then(|| json!(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_planted_where_the_schema_has_a_place_for_it() {
        let secret = json!({"type": "string", "secret": true});
        let check =
            |schema: Value, expected: Option<Value>| assert_eq!(plant(&schema, "x"), expected);
        check(json!({"type": "string"}), None);
        check(secret.clone(), Some(json!("x")));
        check(json!({"anyOf": [secret, {"type": "null"}]}), Some(json!("x")));
        check(json!({"type": ["string", "null"], "secret": true}), Some(json!("x")));
        check(json!({"type": "array", "items": secret}), Some(json!(["x"])));
        check(json!({"type": "array", "secret": true}), Some(json!(["x"])));
        check(
            json!({"type": "object", "additionalProperties": {"type": "array", "items": secret}}),
            Some(json!({"any": ["x"]})),
        );
        check(
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": secret}}),
            Some(json!({"b": "x"})),
        );
        check(json!({"type": "object", "properties": {"a": {"type": "string"}}}), None);
    }
}
