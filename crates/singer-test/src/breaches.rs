//! What every tap's output must be, whatever it reads.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value};
use singer_protocol::lint;

use crate::protocol::Document;

/// Every rule that `stdout` breaks, with the number of its line:
///
/// - a line is a message, and a STATE a state, as their schemas in `docs/schemas/` say;
/// - a SCHEMA is one that every target takes, and declares its key and bookmark fields;
/// - a SCHEMA comes before the RECORDs of its stream;
/// - a RECORD is valid against the latest SCHEMA of its stream, formats included, has nothing that
///   this SCHEMA does not declare at any depth, and has its key, not null.
pub fn breaches(stdout: &str) -> Vec<String> {
    found(stdout).into_iter().map(|breach| breach.text).collect()
}

/// The same, each with what it is about.
pub(crate) fn found(stdout: &str) -> Vec<Breach> {
    let mut checker = Checker { streams: HashMap::new(), breaches: Vec::new(), line: 0 };
    for (at, line) in stdout.lines().enumerate() {
        checker.line = at + 1;
        match serde_json::from_str(line) {
            Ok(Value::Object(message)) => checker.message(&message),
            _ => checker.breach(Rule::Message, "is not a JSON object"),
        }
    }
    if !stdout.is_empty() && !stdout.ends_with('\n') {
        checker.breach(Rule::Message, "does not end with a line feed");
    }
    checker.breaches
}

/// A rule that was broken, and how.
pub(crate) struct Breach {
    pub(crate) rule: Rule,
    pub(crate) text: String,
}

/// What a breach is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A line is a message, in an order that targets take.
    Message,
    /// A SCHEMA is one that every target takes.
    Schema,
    /// A RECORD is as its SCHEMA says.
    Record,
    /// A RECORD has its key.
    Key,
}

/// Whether the output of a whole run ends as it must: its last line is a STATE.
pub fn ends_with_state(stdout: &str) -> bool {
    let last = stdout.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok());
    last.is_some_and(|message| message["type"] == "STATE" && message.get("value").is_some())
}

struct Checker {
    /// By the latest SCHEMA of each stream.
    streams: HashMap<String, Declared>,
    breaches: Vec<Breach>,
    line: usize,
}

struct Declared {
    schema: Value,
    validator: Option<Validator>,
    key: Vec<String>,
}

impl Checker {
    fn breach(&mut self, rule: Rule, what: impl AsRef<str>) {
        let text = format!("line {}: {}", self.line, what.as_ref());
        self.breaches.push(Breach { rule, text });
    }

    fn message(&mut self, message: &Map<String, Value>) {
        let breaches = Document::Message.breaches(&frame(message));
        if !breaches.is_empty() {
            return breaches.iter().for_each(|breach| self.breach(Rule::Message, breach));
        }
        let text = |name: &str| message.get(name).and_then(Value::as_str).unwrap_or_default();
        match text("type") {
            "SCHEMA" => self.schema(text("stream"), message),
            "RECORD" => self.record(text("stream"), message),
            "STATE" => {
                let state = message.get("value").unwrap_or(&Value::Null);
                for breach in Document::State.breaches(state) {
                    self.breach(Rule::Message, format!("a STATE: {breach}"));
                }
            }
            _ => {}
        }
    }

    fn schema(&mut self, stream: &str, message: &Map<String, Value>) {
        let schema = message.get("schema").cloned().unwrap_or_default();
        let key = names(message.get("key_properties")).unwrap_or_default();
        for violation in lint(&schema, &key) {
            self.breach(Rule::Schema, format!("the SCHEMA of `{stream}`: {violation}"));
        }
        for name in names(message.get("bookmark_properties")).unwrap_or_default() {
            if schema["properties"].get(&name).is_none() {
                self.breach(
                    Rule::Schema,
                    format!("`{stream}` does not declare its bookmark field `{name}`"),
                );
            }
        }
        let built = jsonschema::options().should_validate_formats(true).build(&schema);
        if let Err(error) = &built {
            self.breach(Rule::Schema, format!("the SCHEMA of `{stream}` is not valid ({error})"));
        }
        self.streams.insert(stream.to_owned(), Declared { schema, validator: built.ok(), key });
    }

    fn record(&mut self, stream: &str, message: &Map<String, Value>) {
        let Some(declared) = self.streams.get(stream) else {
            return self
                .breach(Rule::Message, format!("a RECORD of `{stream}` comes before its SCHEMA"));
        };
        let record = message.get("record").unwrap_or(&Value::Null);
        let is_absent = |key: &&String| record.get(*key).is_none_or(Value::is_null);
        let absent: Vec<String> = declared.key.iter().filter(is_absent).cloned().collect();
        let mut found = Vec::new();
        for error in declared.validator.iter().flat_map(|validator| validator.iter_errors(record)) {
            found.push(format!("`{}`: {error}", error.instance_path()));
        }
        undeclared(record, &declared.schema, "", &mut found);
        for key in absent {
            let what = format!("a RECORD of `{stream}`: the key field `{key}` is missing or null");
            self.breach(Rule::Key, what);
        }
        for what in found {
            self.breach(Rule::Record, format!("a RECORD of `{stream}`: {what}"));
        }
    }
}

/// A message without the fields of its record, which are its SCHEMA's to judge.
fn frame(message: &Map<String, Value>) -> Value {
    let fields = message.iter().map(|(name, value)| match value {
        Value::Object(_) if name == "record" => (name.clone(), Value::Object(Map::new())),
        value => (name.clone(), value.clone()),
    });
    Value::Object(fields.collect())
}

fn names(list: Option<&Value>) -> Option<Vec<String>> {
    let names = list?.as_array()?.iter().map(|name| name.as_str().map(str::to_owned));
    names.collect()
}

/// Fields that an object's schema does not declare; an object without declared fields is free.
fn undeclared(value: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            for (name, value) in fields {
                let path = format!("{path}/{name}");
                match properties.get(name) {
                    Some(schema) => undeclared(value, schema, &path, found),
                    None => found.push(format!("`{path}` is not declared")),
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for (at, item) in items.iter().enumerate() {
                    undeclared(item, schema, &format!("{path}/{at}"), found);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{"type":"SCHEMA","stream":"orders","schema":{"type":"object","properties":{"id":{"type":"integer"},"at":{"type":["null","string"],"format":"date-time"},"lines":{"type":["null","array"],"items":{"type":["null","object"],"properties":{"sku":{"type":["null","string"]}}}},"tags":{"type":["null","object"]}}},"key_properties":["id"],"bookmark_properties":["at"]}"#;

    fn check(lines: &[&str], expected: &[&str]) {
        let found = breaches(&(lines.join("\n") + "\n"));
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "`{found}` says nothing of `{expected}`");
        }
    }

    fn check_record(record: &str, expected: &[&str]) {
        let record = format!(r#"{{"type":"RECORD","stream":"orders","record":{record}}}"#);
        check(&[SCHEMA, &record], expected);
    }

    #[test]
    fn records_as_their_schema_says_break_no_rule() {
        check_record(r#"{"id":1}"#, &[]);
        check_record(
            r#"{"id":1,"at":"2026-11-24T15:00:00Z","lines":[{"sku":"a"},null],"tags":{"any":1}}"#,
            &[],
        );
    }

    #[test]
    fn records_are_checked_to_the_bottom() {
        check_record(r#"{"id":"1"}"#, &["line 2: a RECORD of `orders`: `/id`"]);
        check_record(r#"{"id":1,"at":"yesterday"}"#, &["/at"]);
        check_record(r#"{"id":1,"new":1}"#, &["`/new` is not declared"]);
        check_record(
            r#"{"id":1,"lines":[{"sku":"a"},{"size":1}]}"#,
            &["`/lines/1/size` is not declared"],
        );
        check_record("{}", &["the key field `id` is missing or null"]);
        check_record(r#"{"id":null}"#, &["the key field `id`", "/id"]);
        check_record("[]", &["line 2: `/record`"]);
    }

    #[test]
    fn a_record_needs_its_schema_before_it() {
        let record = r#"{"type":"RECORD","stream":"orders","record":{"id":1}}"#;
        check(&[record, SCHEMA], &["line 1: a RECORD of `orders` comes before its SCHEMA"]);
    }

    #[test]
    fn the_latest_schema_of_a_stream_counts() {
        let record = r#"{"type":"RECORD","stream":"orders","record":{"id":1,"at":null}}"#;
        let later = r#"{"type":"SCHEMA","stream":"orders","schema":{"type":"object","properties":{"id":{"type":"integer"}}},"key_properties":["id"]}"#;
        check(&[SCHEMA, record, later, record], &["line 4: a RECORD of `orders`: `/at`"]);
    }

    #[test]
    fn a_schema_that_some_target_does_not_take_is_told() {
        let schema = |schema: &str, key: &str, bookmark: &str| {
            format!(
                r#"{{"type":"SCHEMA","stream":"s","schema":{schema},"key_properties":{key},"bookmark_properties":{bookmark}}}"#
            )
        };
        let plain = r#"{"type":"object","properties":{"id":{"type":"integer"}}}"#;
        check(&[&schema(plain, r#"["id"]"#, "[]")], &[]);
        check(&[&schema(plain, "null", "[]")], &["line 1: `/key_properties`"]);
        check(&[&schema(plain, r#"["no"]"#, "[]")], &["allows null", "a key is a declared field"]);
        check(&[&schema(plain, r#"["id"]"#, r#"["at"]"#)], &["bookmark field `at`"]);
    }

    #[test]
    fn every_line_is_a_message() {
        check(&["", "[]", "{", "null"], &["line 1: is not", "line 2:", "line 3:", "line 4:"]);
        check(
            &[
                r#"{"type":"STATE"}"#,
                r#"{"type":"RECORD"}"#,
                r#"{"type":"SHAPE","stream":"s"}"#,
                r#"{"type":"ACTIVATE_VERSION","stream":"s"}"#,
                r#"{"type":"ACTIVATE_VERSION","stream":"s","version":1}"#,
            ],
            &["\"value\"", "\"stream\"", "\"record\"", "`/type`", "\"version\""],
        );
        assert_eq!(
            breaches(r#"{"type":"STATE","value":{}}"#),
            ["line 1: does not end with a line feed"]
        );
    }

    #[test]
    fn a_run_ends_with_a_state() {
        let check = |stdout: &str, expected| assert_eq!(ends_with_state(stdout), expected);
        let state = r#"{"type":"STATE","value":{}}"#;
        check(&format!("{SCHEMA}\n{state}\n"), true);
        check(&format!("{state}\n{SCHEMA}\n"), false);
        check("", false);
    }
}
