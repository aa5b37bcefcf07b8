//! The lines of a tap's output.
//!
//! See the [message documentation](https://github.com/singer-io/getting-started/blob/master/docs/SPEC.md#output).
//! RECORD lines are framed here and filled by the record encoder.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
enum Message<'a, S: AsRef<str> + Serialize> {
    Schema {
        stream: &'a str,
        schema: &'a Value,
        key_properties: &'a [S],
        #[serde(skip_serializing_if = "<[S]>::is_empty")]
        bookmark_properties: &'a [S],
    },
    State {
        value: &'a Value,
    },
    ActivateVersion {
        stream: &'a str,
        version: i64,
    },
}

/// The line of a SCHEMA message, with its line feed.
pub fn schema_line<S: AsRef<str> + Serialize>(
    stream: &str,
    schema: &Value,
    key_properties: &[S],
    bookmark_properties: &[S],
) -> Vec<u8> {
    line(&Message::Schema { stream, schema, key_properties, bookmark_properties })
}

/// The line of a STATE message, with its line feed.
pub fn state_line(value: &Value) -> Vec<u8> {
    line::<&str>(&Message::State { value })
}

/// The line of an ACTIVATE_VERSION message, with its line feed.
pub fn activate_version_line(stream: &str, version: i64) -> Vec<u8> {
    line::<&str>(&Message::ActivateVersion { stream, version })
}

/// The text before the record in a RECORD line.
pub(crate) fn record_head(stream: &str) -> String {
    format!(r#"{{"type":"RECORD","stream":{},"record":"#, Value::from(stream))
}

/// The text after the record in a RECORD line, with its line feed.
pub(crate) fn record_tail(time_extracted: DateTime<Utc>, version: Option<i64>) -> String {
    let time = timestamp(time_extracted);
    match version {
        Some(version) => format!(",\"time_extracted\":\"{time}\",\"version\":{version}}}\n"),
        None => format!(",\"time_extracted\":\"{time}\"}}\n"),
    }
}

/// A point in time as messages hold it: UTC with six decimals, `2026-11-24T15:00:00.000000Z`.
pub fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn line<S: AsRef<str> + Serialize>(message: &Message<'_, S>) -> Vec<u8> {
    let mut line = serde_json::to_vec(message)
        .expect("a message holds only strings, numbers and JSON values, which always serialise");
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(line: &[u8], expected: &str) {
        assert_eq!(std::str::from_utf8(line).unwrap(), format!("{expected}\n"));
    }

    #[test]
    fn messages_are_one_line_each() {
        let schema =
            json!({"type": "object", "properties": {"a\nb": {"type": ["null", "string"]}}});
        check(
            &schema_line("issues", &schema, &["id"], &["updated_at"]),
            r#"{"type":"SCHEMA","stream":"issues","schema":{"type":"object","properties":{"a\nb":{"type":["null","string"]}}},"key_properties":["id"],"bookmark_properties":["updated_at"]}"#,
        );
        check(
            &schema_line("s", &json!({}), &[] as &[String], &[]),
            r#"{"type":"SCHEMA","stream":"s","schema":{},"key_properties":[]}"#,
        );
        check(
            &state_line(&json!({"bookmarks": {}})),
            r#"{"type":"STATE","value":{"bookmarks":{}}}"#,
        );
        check(
            &activate_version_line("s", 17),
            r#"{"type":"ACTIVATE_VERSION","stream":"s","version":17}"#,
        );
    }

    #[test]
    fn a_record_stands_in_its_frame() {
        let time = DateTime::from_timestamp(1_764_000_000, 123_456_789).unwrap();
        let framed = |stream: &str, version| {
            format!("{}{{}}{}", record_head(stream), record_tail(time, version)).into_bytes()
        };
        check(
            &framed("a\"b", None),
            r#"{"type":"RECORD","stream":"a\"b","record":{},"time_extracted":"2025-11-24T16:00:00.123456Z"}"#,
        );
        check(
            &framed("s", Some(3)),
            r#"{"type":"RECORD","stream":"s","record":{},"time_extracted":"2025-11-24T16:00:00.123456Z","version":3}"#,
        );
    }
}
