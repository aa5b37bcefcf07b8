//! The checks of a configuration: every problem with its JSON pointer, never a value.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::{Map, Value};

use singer_protocol::type_name;

use crate::about::choices;
use crate::error::Problem;
use crate::text::nearest;

/// Everything that breaks the schema.
///
/// Messages name the pointer, what is expected and the type that was found; a value is never
/// quoted, since it may be a secret in the wrong place.
pub(super) fn problems(config: &Value, schema: &Value) -> Vec<Problem> {
    let options = jsonschema::options().should_validate_formats(true);
    match options.build(schema) {
        Ok(validator) => {
            let broken = validator.iter_errors(config).map(|error| problem(&error, schema));
            broken.chain(unsupported(config, schema)).chain(unset(config, schema)).collect()
        }
        Err(error) => vec![Problem {
            pointer: String::new(),
            message: format!("the tap's own settings schema is broken: {}", error.masked()),
        }],
    }
}

/// What a setting says in words about the texts that it takes.
fn expected(schema: &Value, pointer: &str) -> Option<String> {
    let setting = &schema["properties"][pointer.split('/').nth(1)?];
    let told = setting["x-expected"].as_str().map(str::to_owned).or_else(|| choices(setting))?;
    Some(format!("expected {told}"))
}

/// Secrets whose variable is not set: told here, where their pointer is known.
fn unset<'a>(config: &'a Value, schema: &'a Value) -> impl Iterator<Item = Problem> + 'a {
    let settings = config.as_object().into_iter().flatten();
    settings.filter(|(name, _)| schema["properties"][name.as_str()]["secret"] == true).filter_map(
        |(name, value)| {
            let variable = value.as_str()?.strip_prefix("env:")?;
            std::env::var_os(variable).is_none().then(|| Problem {
                pointer: format!("/{name}"),
                message: format!("the variable `{variable}` of `env:{variable}` is not set"),
            })
        },
    )
}

/// Settings that are known and cannot be honoured, unless they ask for nothing.
fn unsupported<'a>(config: &'a Value, schema: &'a Value) -> impl Iterator<Item = Problem> + 'a {
    config.as_object().into_iter().flatten().filter(|(_, value)| asks(value)).filter_map(
        |(name, _)| {
            let why = schema["properties"][name.as_str()]["x-unsupported"].as_str()?;
            Some(Problem { pointer: format!("/{name}"), message: why.to_owned() })
        },
    )
}

fn problem(error: &jsonschema::ValidationError<'_>, schema: &Value) -> Problem {
    let found = type_name(error.instance());
    let (message, missing) = match error.kind() {
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => {
            (format!("expected {kind}, found {found}"), None)
        }
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            let kinds: Vec<String> = kinds.iter().map(|kind| kind.to_string()).collect();
            (format!("expected {}, found {found}", kinds.join(" or ")), None)
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (absent(name, error.instance(), schema), Some(name.to_owned()))
        }
        ValidationErrorKind::Minimum { limit } => (format!("must be at least {limit}"), None),
        ValidationErrorKind::Maximum { limit } => (format!("must be at most {limit}"), None),
        ValidationErrorKind::MinLength { limit: 1 } => ("must not be empty".to_owned(), None),
        ValidationErrorKind::MinItems { limit } => (format!("needs at least {limit} items"), None),
        ValidationErrorKind::Enum { options } => (format!("must be one of {options}"), None),
        ValidationErrorKind::Pattern { pattern } => {
            let told = expected(schema, error.instance_path().as_str());
            (told.unwrap_or_else(|| format!("must match `{pattern}`")), None)
        }
        ValidationErrorKind::Format { format } => (format!("expected a {format}"), None),
        ValidationErrorKind::OneOfNotValid { .. } => {
            let told = expected(schema, error.instance_path().as_str());
            (told.unwrap_or_else(|| error.masked_with("the value").to_string()), None)
        }
        _ => (error.masked_with("the value").to_string(), None),
    };
    let mut pointer = error.instance_path().as_str().to_owned();
    if let Some(name) = missing {
        pointer.push('/');
        pointer.push_str(&name);
    }
    Problem { pointer, message }
}

/// A required setting that is not there, perhaps because its name was mistyped.
fn absent(name: &str, found: &Value, schema: &Value) -> String {
    let known = || schema["properties"].as_object().into_iter().flat_map(Map::keys);
    let mut unknown = found.as_object().into_iter().flat_map(Map::keys);
    let is_meant = |key: &&String| {
        !known().any(|one| one == *key)
            && nearest(key, known().map(String::as_str)).is_some_and(|near| near == name)
    };
    match unknown.find(is_meant) {
        Some(key) => format!("required, but not set; is it meant by `{key}`?"),
        None => "required, but not set".to_owned(),
    }
}

/// Each setting that nobody declared, with the way out: the nearest one, if one is near.
pub(super) fn unknown(config: &Map<String, Value>, schema: &Value) -> Vec<(String, String)> {
    let Some(known) = schema["properties"].as_object() else { return Vec::new() };
    let names = config.keys().filter(|name| !known.contains_key(*name));
    names
        .map(|name| {
            let way_out = match nearest(name, known.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`--about` lists the settings".to_owned(),
            };
            (name.clone(), way_out)
        })
        .collect()
}

/// A warning for each setting that is accepted and has no effect here, if it asks for something.
pub(super) fn ignored(config: &Map<String, Value>, schema: &Value) -> Vec<String> {
    let why = |name: &str| schema["properties"][name]["x-ignored"].as_str();
    let asking = config.iter().filter(|(_, value)| asks(value));
    asking
        .filter_map(|(name, _)| Some((name, why(name)?)))
        .map(|(name, why)| format!("setting `{name}` has no effect here ({why})"))
        .collect()
}

/// Whether a value asks for anything.
fn asks(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["auth_token"],
            "properties": {
                "auth_token": {"type": "string", "minLength": 1, "secret": true},
                "start_date": {"type": ["string", "null"], "pattern": "^[0-9-]+$", "x-expected": "a date"},
                "concurrency": {"type": "integer", "minimum": 1, "maximum": 64},
                "api": {"oneOf": [{"const": "REST"}, {"const": "BULK2"}]},
                "expiry_time_buffer": {"type": "integer", "x-ignored": "tokens are renewed by themselves"},
                "stream_maps": {"type": "object", "x-unsupported": "not supported yet"}
            }
        })
    }

    #[test]
    fn all_problems_are_listed_with_pointer_and_rule_but_no_value() {
        let config = json!({"concurrency": 0, "start_date": "hunter2", "api": "hunter2"});
        let mut found: Vec<String> = problems(&config, &schema())
            .iter()
            .map(|p| format!("{}: {}", p.pointer, p.message))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                "/api: expected one of `REST`, `BULK2`",
                "/auth_token: required, but not set",
                "/concurrency: must be at least 1",
                "/start_date: expected a date",
            ]
        );
        let mistyped = problems(&json!({"auth_tokn": "hunter2"}), &schema());
        assert_eq!(mistyped[0].message, "required, but not set; is it meant by `auth_tokn`?");
        let secret = problems(&json!({"auth_token": {"deep": "hunter2"}}), &schema());
        assert_eq!(secret[0].message, "expected string, found an object");
    }

    #[test]
    fn a_secret_whose_variable_is_not_set_is_told_with_its_pointer() {
        let of = |token: &str| problems(&json!({"auth_token": token}), &schema());
        let found = of("env:SINGER_TAP_UNSET");
        assert_eq!(found[0].pointer, "/auth_token");
        assert!(found[0].message.contains("`SINGER_TAP_UNSET`"), "{}", found[0].message);
        assert_eq!((of("env:CARGO_PKG_NAME"), of("raw:env:SINGER_TAP_UNSET")), (vec![], vec![]));
    }

    #[test]
    fn a_setting_that_cannot_be_honoured_is_refused_only_when_it_asks_for_something() {
        let of =
            |maps: Value| problems(&json!({"auth_token": "x", "stream_maps": maps}), &schema());
        assert_eq!(of(json!({})), []);
        assert_eq!(of(json!({"issues": {"body": null}}))[0].pointer, "/stream_maps");
    }

    #[test]
    fn an_unknown_setting_is_told_with_its_nearest_name_and_one_without_effect_with_the_reason() {
        let config = json!({"auth_tokn": "x", "zzz": 1, "expiry_time_buffer": 10});
        let config = config.as_object().expect("an object");
        let told = unknown(config, &schema());
        let told: Vec<_> = told.iter().map(|(name, way)| (name.as_str(), way.as_str())).collect();
        let expected =
            [("auth_tokn", "did you mean `auth_token`?"), ("zzz", "`--about` lists the settings")];
        assert_eq!(told, expected);
        assert_eq!(
            ignored(config, &schema()),
            ["setting `expiry_time_buffer` has no effect here (tokens are renewed by themselves)"]
        );
    }
}
