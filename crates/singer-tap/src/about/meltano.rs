//! `--about --format meltano`: a tap as Meltano's hub defines plugins, for `meltano add --from-ref`
//! ([documentation](https://docs.meltano.com/reference/plugin-definition-syntax/)).

use std::fmt::Write as _;

use serde_json::Value;

use super::{About, CAPABILITIES, choice_texts, one_line, types};

/// Whose tap it is, beside others of the name.
const VARIANT: &str = "singer-tap";

/// The definition, as YAML.
pub(super) fn definition(about: &About<'_>) -> String {
    let name = about.name;
    let mut yaml = String::new();
    put(&mut yaml, "name", name);
    put(&mut yaml, "namespace", &name.replace('-', "_"));
    put(&mut yaml, "variant", VARIANT);
    put(&mut yaml, "label", &title(name.strip_prefix("tap-").unwrap_or(name)));
    put(&mut yaml, "description", about.about);
    put(&mut yaml, "pip_url", about.package);
    put(&mut yaml, "executable", name);
    yaml.push_str("capabilities:\n");
    for capability in CAPABILITIES {
        let _ = writeln!(yaml, "- {capability}");
    }
    if let required @ Value::Array(_) = &about.settings["required"] {
        let _ = writeln!(yaml, "settings_group_validation:\n- {required}");
    }
    yaml.push_str("settings:\n");
    for (name, setting) in about.settings["properties"].as_object().into_iter().flatten() {
        // What has no effect need not be set.
        if setting["x-ignored"].is_null() && setting["x-unsupported"].is_null() {
            one(&mut yaml, name, setting);
        }
    }
    yaml
}

/// One setting.
fn one(yaml: &mut String, name: &str, setting: &Value) {
    put(yaml, "- name", name);
    put(yaml, "  label", &title(name));
    put(yaml, "  kind", kind(setting));
    if setting["secret"] == true {
        yaml.push_str("  sensitive: true\n");
    }
    let described = one_line(setting);
    if !described.is_empty() {
        put(yaml, "  description", &described);
    }
    if !setting["default"].is_null() {
        // JSON is YAML.
        let _ = writeln!(yaml, "  value: {}", setting["default"]);
    }
    if let Some(texts) = choice_texts(setting) {
        yaml.push_str("  options:\n");
        for text in texts {
            put(yaml, "  - label", text);
            put(yaml, "    value", text);
        }
    }
}

/// A key with a text.
fn put(yaml: &mut String, key: &str, text: &str) {
    let _ = writeln!(yaml, "{key}: {}", Value::from(text));
}

/// What Meltano calls the type of a setting.
fn kind(setting: &Value) -> &'static str {
    if choice_texts(setting).is_some() {
        return "options";
    }
    if setting["x-kind"] == "date" {
        return "date_iso8601";
    }
    match types(setting).first().copied() {
        Some("integer") => "integer",
        Some("boolean") => "boolean",
        Some("array") => "array",
        Some("object") => "object",
        // Not `decimal` for a number: Meltano 4.4 cannot write what it reads as one from a variable. The tap
        // takes a number from a text.
        _ => "string",
    }
}

/// A name as people read it: `client_id` is `Client id`.
fn title(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_definition_has_what_meltano_asks_of_a_plugin() {
        let settings = json!({"required": ["auth_token"], "properties": {
            "auth_token": {"type": "string", "secret": true, "description": "The\n\"token\"."},
            "start_date": {"type": "string", "x-kind": "date"},
            "quota": {"type": ["number", "null"], "default": 80.0},
            "which": {"oneOf": [{"const": "REST"}, {"const": "BULK2"}], "default": "REST"},
            "maps": {"type": "object", "default": {}},
            "old": {"type": "integer", "x-ignored": "it is by itself"}
        }});
        let about = About {
            name: "tap-big-shop",
            package: "my-tap-big-shop",
            version: "1",
            about: "Reads: it.",
            settings: &settings,
        };
        assert_eq!(
            definition(&about),
            r#"name: "tap-big-shop"
namespace: "tap_big_shop"
variant: "singer-tap"
label: "Big shop"
description: "Reads: it."
pip_url: "my-tap-big-shop"
executable: "tap-big-shop"
capabilities:
- about
- catalog
- discover
- schema-flattening
- state
- stream-maps
- structured-logging
- test
settings_group_validation:
- ["auth_token"]
settings:
- name: "auth_token"
  label: "Auth token"
  kind: "string"
  sensitive: true
  description: "The \"token\"."
- name: "start_date"
  label: "Start date"
  kind: "date_iso8601"
- name: "quota"
  label: "Quota"
  kind: "string"
  value: 80.0
- name: "which"
  label: "Which"
  kind: "options"
  value: "REST"
  options:
  - label: "REST"
    value: "REST"
  - label: "BULK2"
    value: "BULK2"
- name: "maps"
  label: "Maps"
  kind: "object"
  value: {}
"#
        );
    }
}
