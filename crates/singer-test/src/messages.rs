//! What a run wrote, and how a snapshot shows it.

use serde_json::Value;
use singer_tap::Outcome;

use crate::notation;
use crate::pretty::pretty;

/// What a run wrote to stdout, and how it ended.
#[derive(Clone, Debug)]
pub struct Messages {
    outcome: Outcome,
    stdout: String,
    log: String,
}

impl Messages {
    pub(crate) fn new(outcome: Outcome, stdout: String, log: String) -> Messages {
        Messages { outcome, stdout, log }
    }

    /// Before anything has run.
    pub(crate) fn empty() -> Messages {
        Messages::new(Outcome::Ok, String::new(), String::new())
    }

    /// How the run ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The exact text, one message a line.
    pub fn stdout(&self) -> &str {
        &self.stdout
    }

    /// What would have stood on stderr, at every level.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// The lines of the log that tell of something wrong.
    pub(crate) fn complaints(&self) -> String {
        let is_loud = |line: &&str| {
            ["CRITICAL", "ERROR", "WARNING"].iter().any(|level| line.starts_with(level))
        };
        self.log.lines().filter(is_loud).collect::<Vec<_>>().join("\n")
    }

    /// The records of a stream, in the order in which they were written.
    pub fn records(&self, stream: &str) -> Vec<Value> {
        self.of(stream, "RECORD", "record").collect()
    }

    /// The latest schema of a stream.
    pub fn schema(&self, stream: &str) -> Option<Value> {
        self.of(stream, "SCHEMA", "schema").last()
    }

    /// The last state.
    pub fn state(&self) -> Option<Value> {
        let states = self.values().filter(|message| message["type"] == "STATE");
        states.last().map(|mut state| state["value"].take())
    }

    /// The outcome and all messages in the order in which they were written, for a snapshot.
    ///
    /// RECORD and other messages are their exact text, broken into lines. A SCHEMA is shown in
    /// short, a line a field, as `id: integer`, `user: {login: string?}?`; `?` stands for null.
    pub fn snapshot(&self) -> String {
        let mut text = format!("outcome: {:?}\n", self.outcome);
        for line in self.stdout.lines() {
            text.push('\n');
            match serde_json::from_str::<Value>(line) {
                Ok(message) if message["type"] == "SCHEMA" => text += &schema(message),
                _ => text += &(pretty(line) + "\n"),
            }
        }
        text
    }

    fn of<'a>(
        &'a self,
        stream: &'a str,
        kind: &'static str,
        field: &'static str,
    ) -> impl Iterator<Item = Value> + 'a {
        self.values()
            .filter(move |message| message["type"] == kind && message["stream"] == stream)
            .map(move |mut message| message[field].take())
    }

    fn values(&self) -> impl Iterator<Item = Value> + '_ {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok())
    }
}

/// A SCHEMA in short: its other fields as they are, then the record's fields.
fn schema(mut message: Value) -> String {
    let schema = message["schema"].take();
    let rest = message.as_object().into_iter().flatten();
    let rest = rest.filter(|(name, _)| !matches!(name.as_str(), "type" | "schema"));
    let rest: String = rest.map(|(name, value)| format!(" {name} {value}")).collect();
    format!("SCHEMA{rest}\n{}", notation::fields(&schema))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STDOUT: &str = r#"{"type":"SCHEMA","stream":"orders","schema":{"type":"object","properties":{"id":{"type":"integer"},"at":{"type":["null","string"],"format":"date-time"}}},"key_properties":["id"],"bookmark_properties":["at"]}
{"type":"RECORD","stream":"orders","record":{"id":1,"at":null}}
{"type":"RECORD","stream":"shops","record":{"id":9}}
{"type":"STATE","value":{"a":1}}
{"type":"STATE","value":{"a":2}}
"#;

    #[test]
    fn messages_are_found_by_stream_and_type() {
        let messages = Messages::new(Outcome::Partial, STDOUT.to_owned(), String::new());
        assert_eq!(messages.outcome(), Outcome::Partial);
        assert_eq!(messages.records("orders"), [json!({"id": 1, "at": null})]);
        assert_eq!(messages.schema("orders").unwrap()["type"], "object");
        assert_eq!(messages.schema("shops"), None);
        assert_eq!(messages.state(), Some(json!({"a": 2})));
    }

    #[test]
    fn a_snapshot_shows_the_outcome_and_every_message() {
        let stdout = STDOUT.lines().take(2).collect::<Vec<_>>().join("\n");
        let expected = r#"outcome: Ok

SCHEMA stream "orders" key_properties ["id"] bookmark_properties ["at"]
  id: integer
  at: date-time?

{
  "type": "RECORD",
  "stream": "orders",
  "record": {
    "id": 1,
    "at": null
  }
}
"#;
        assert_eq!(Messages::new(Outcome::Ok, stdout, String::new()).snapshot(), expected);
    }
}
