//! Secrets, and the forms in which they must not be seen.

use std::collections::BTreeSet;

use memchr::memmem;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// A part of a secret that is so long tells too much.
const WINDOW: usize = 12;
/// Whatever part of that length is shown, a block of half of it is shown whole.
const BLOCK: usize = WINDOW / 2;

/// The forms of one secret: as it is, in base64 wherever it begins there, as a URL and as JSON have
/// it; of each, every part of 12 characters.
#[derive(Clone, Debug, Hash)]
pub struct Forms {
    name: String,
    forms: BTreeSet<Vec<u8>>,
}

impl Forms {
    /// The forms of a secret; `name` is what it is called when it is found.
    pub fn of(name: impl Into<String>, secret: &str) -> Forms {
        let mut forms = vec![secret.to_owned()];
        forms.push(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
        forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        forms.push(serde_json::Value::from(secret).to_string().trim_matches('"').to_owned());
        for before in 0..3 {
            let encoded = base64(format!("{}{secret}", &"   "[..before]).as_bytes());
            // The ends depend on what stands beside it.
            let first = (before * 8).div_ceil(6);
            let last = (before + secret.len()) * 8 / 6;
            forms.push(encoded[first..last].to_owned());
        }
        let forms = forms.into_iter().map(String::into_bytes).collect();
        Forms { name: name.into(), forms }
    }

    /// The name of the secret and a place in the text that shows it, if there is one.
    pub fn found_in(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let at = self.forms.iter().filter_map(|form| place(bytes, form)).min()?;
        let before = String::from_utf8_lossy(&bytes[at.saturating_sub(80)..at]);
        Some(format!("`{}` after `{}`", self.name, before.trim_start()))
    }
}

/// Where a part of a form begins in a text.
fn place(text: &[u8], form: &[u8]) -> Option<usize> {
    let length = form.len().min(WINDOW);
    if length < WINDOW {
        return memmem::find(text, form);
    }
    let shown = |block: usize, at: usize| {
        // From the block outwards, as far as text and form agree.
        let same = |back: usize, pair: (&u8, &u8)| (pair.0 == pair.1).then_some(back);
        let before = form[..block].iter().rev().zip(text[..at].iter().rev());
        let before = before.enumerate().map_while(|(back, pair)| same(back, pair)).count();
        let after = form[block..].iter().zip(&text[at..]);
        let after = after.enumerate().map_while(|(on, pair)| same(on, pair)).count();
        (before + after >= WINDOW).then_some(at - before)
    };
    let blocks = (0..=form.len() - BLOCK).step_by(BLOCK);
    blocks
        .filter_map(|block| {
            let found = memmem::find_iter(text, &form[block..block + BLOCK]);
            found.into_iter().find_map(|at| shown(block, at))
        })
        .min()
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0;
        for at in 0..3 {
            bits = bits << 8 | u32::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..=group.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

/// The secrets that a config holds.
pub(crate) fn of_config(settings: &Value, config: &Value) -> Vec<Forms> {
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
pub(crate) fn plant(schema: &Value, secret: &str) -> Option<Value> {
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

    const SECRET: &str = r#"s3cret/"t0ken"+of=the shop"#;

    fn check(text: &str, is_found: bool) {
        let found = Forms::of("token", SECRET).found_in(text);
        assert_eq!(found.is_some(), is_found, "{text}: {found:?}");
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn a_secret_is_found_in_every_form_and_in_part() {
        check("GET /orders", false);
        check("s3cret/", false);
        check(&format!("token: {SECRET}."), true);
        check(r#"only "t0ken"+of=the is shown"#, true);
        check("?token=s3cret%2F%22t0ken%22%2Bof%3Dthe+shop", true);
        check("?token=s3cret%2F%22t0ken%22%2Bof%3Dthe%20shop", true);
        check(r#"{"token":"s3cret/\"t0ken\"+of=the shop"}"#, true);
        for before in ["", "x", "id", "user:"] {
            check(&base64(format!("{before}{SECRET} and more").as_bytes()), true);
        }
    }

    #[test]
    fn a_find_tells_which_secret_and_where_without_showing_it() {
        let found = Forms::of("auth_token", SECRET).found_in(&format!("signed with {SECRET}"));
        assert_eq!(found.unwrap(), "`auth_token` after `signed with `");
    }

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
