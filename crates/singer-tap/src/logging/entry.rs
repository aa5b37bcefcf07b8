//! One log line, for people and for programs.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tracing::Level;

use crate::redact::redact;

/// How much a line matters, as Python's logging names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Trace,
    Debug,
    Info,
    Warning,
    Error,
    /// Nothing more comes after this.
    Critical,
}

impl Severity {
    fn name(self) -> &'static str {
        match self {
            Severity::Trace => "TRACE",
            Severity::Debug => "DEBUG",
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
            Severity::Critical => "CRITICAL",
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::ERROR => Severity::Error,
            Level::WARN => Severity::Warning,
            Level::INFO => Severity::Info,
            Level::DEBUG => Severity::Debug,
            Level::TRACE => Severity::Trace,
        }
    }
}

/// One log line.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) severity: Severity,
    /// The module that tells it.
    pub(crate) logger: String,
    pub(crate) message: String,
    /// The stream that it is about.
    pub(crate) stream: Option<String>,
    /// What was measured, if this is a METRIC line.
    pub(crate) metric: Option<Value>,
    /// What broke, in singer-sdk's form of an exception.
    pub(crate) exception: Option<Value>,
    pub(crate) extra: Map<String, Value>,
}

impl Entry {
    /// A line with nothing but its message.
    pub(crate) fn new(severity: Severity, logger: &str, message: String) -> Entry {
        let logger = logger.replace("::", ".");
        let extra = Map::new();
        Entry { severity, logger, message, stream: None, metric: None, exception: None, extra }
    }

    /// The line for people: `LEVEL message`.
    pub(crate) fn text(&self) -> String {
        let mut line = format!("{} {}", self.severity.name(), self.message);
        if let Some(metric) = &self.metric {
            let _ = write!(line, ": {metric}");
        }
        for (name, value) in &self.extra {
            let _ = match value {
                Value::String(text) => write!(line, " {name}={text}"),
                other => write!(line, " {name}={other}"),
            };
        }
        line
    }

    /// The line for programs: a JSON object of the fields that singer-sdk documents in its
    /// [schema](https://github.com/meltano/sdk/blob/main/singer_sdk/schemas/logs.schema.json).
    pub(crate) fn json(&self, app: &str) -> String {
        // What JSON escapes would hide a secret from the mask that is put over the line.
        let safe = |text: &str| redact(text.replace(['\n', '\r'], " "));
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let thread = std::thread::current();
        let mut line = json!({
            "level": self.severity.name().to_ascii_lowercase(),
            "pid": std::process::id(),
            "logger_name": self.logger,
            "ts": since_epoch.as_secs_f64(),
            "thread_name": thread.name().unwrap_or("worker"),
            "app_name": app,
            "stream_name": self.stream,
            "message": safe(&self.message),
        });
        if let Some(metric) = &self.metric {
            line["metric_info"] = metric.clone();
        }
        if let Some(exception) = &self.exception {
            line["exception"] = exception.clone();
        }
        let mut extra: Map<String, Value> = self
            .extra
            .iter()
            .map(|(name, value)| {
                (name.clone(), value.as_str().map_or(value.clone(), |t| safe(t).into()))
            })
            .collect();
        if let Some(id) = self.id() {
            extra.insert("id".to_owned(), id.into());
        }
        line["extra"] = Value::Object(extra);
        ascii(&line.to_string())
    }

    /// The id with which a message begins.
    fn id(&self) -> Option<&str> {
        let (id, _) = self.message.strip_prefix('[')?.split_once(']')?;
        Some(id)
    }
}

/// JSON in which everything beyond ASCII is escaped, as Python writes it: no reader's encoding
/// matters, and no terminal obeys it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && !c.is_ascii_control() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entry: &Entry, text: &str, expected: Value) {
        assert_eq!(entry.text(), text);
        let mut line: Value = serde_json::from_str(&entry.json("tap-x")).expect("a line of JSON");
        let fields = line.as_object_mut().expect("an object");
        for own in ["pid", "ts", "thread_name"] {
            assert!(fields.remove(own).is_some(), "{own}");
        }
        assert_eq!(line, expected);
    }

    #[test]
    fn a_message_is_a_line_of_text_or_an_object_with_its_id_apart() {
        let text = "[RATE01] used up".to_owned();
        check(
            &Entry::new(Severity::Warning, "singer_http::send", text),
            "WARNING [RATE01] used up",
            json!({"level": "warning", "logger_name": "singer_http.send", "app_name": "tap-x",
                "stream_name": null, "message": "[RATE01] used up", "extra": {"id": "RATE01"}}),
        );
    }

    #[test]
    fn a_measurement_stands_in_the_line_or_in_a_field_of_its_own() {
        let metric = json!({"type": "counter", "metric": "record_count", "value": 7});
        let mut entry = Entry::new(Severity::Info, "singer_tap::metrics", "METRIC".to_owned());
        entry.metric = Some(metric.clone());
        entry.stream = Some("issues".to_owned());
        check(
            &entry,
            r#"INFO METRIC: {"type":"counter","metric":"record_count","value":7}"#,
            json!({"level": "info", "logger_name": "singer_tap.metrics", "app_name": "tap-x",
                "stream_name": "issues", "message": "METRIC", "metric_info": metric, "extra": {}}),
        );
    }

    #[test]
    fn json_is_plain_ascii_whatever_a_message_holds() {
        let text = "a\n\u{1b}[31m é 漢 😀 \u{202e} \u{7f}";
        let json = Entry::new(Severity::Info, "x", text.to_owned()).json("tap-x");
        assert!(json.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{json}");
        let line: Value = serde_json::from_str(&json).expect("a line of JSON");
        assert_eq!(line["message"], text.replace('\n', " "));
    }

    #[test]
    fn a_secret_that_json_would_escape_is_masked_before() {
        crate::redact::hide("quoted\"secret\\here");
        let mut entry = Entry::new(Severity::Error, "x", "it is quoted\"secret\\here".to_owned());
        entry.extra.insert("value".to_owned(), Value::from("quoted\"secret\\here"));
        let line: Value = serde_json::from_str(&entry.json("tap-x")).expect("a line of JSON");
        assert_eq!(
            (&line["message"], &line["extra"]["value"]),
            (&json!("it is ***"), &json!("***"))
        );
    }
}
