//! What a run wrote to stdout, as messages.

use serde_json::Value;

/// Singer messages in their order.
#[derive(Clone, Debug)]
pub struct Output {
    messages: Vec<Value>,
}

impl Output {
    /// Reads all lines, each of which must be a message; the rest of a line that was cut by a kill
    /// is left aside.
    pub(crate) fn parse(stdout: &[u8], may_be_cut: bool) -> Output {
        let text = String::from_utf8_lossy(stdout);
        let whole = match text.rsplit_once('\n') {
            Some((whole, "")) => whole,
            Some((whole, _)) if may_be_cut => whole,
            None if text.is_empty() || may_be_cut => "",
            _ => panic!("the last line has no end: {}", end(&text)),
        };
        let message = |line: &str| {
            let value: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("a line is no JSON ({error}): {}", end(line)));
            assert!(value["type"].is_string(), "a line is no message: {}", end(line));
            value
        };
        Output { messages: whole.lines().map(message).collect() }
    }

    /// All messages.
    pub fn messages(&self) -> &[Value] {
        &self.messages
    }

    /// The messages of a type, each with its place.
    pub fn of_type(&self, kind: &str) -> impl DoubleEndedIterator<Item = (usize, &Value)> {
        self.messages.iter().enumerate().filter(move |(_, message)| message["type"] == kind)
    }

    /// The records of a stream.
    pub fn records(&self, stream: &str) -> Vec<&Value> {
        let of_stream = self.of_type("RECORD").filter(|(_, message)| message["stream"] == stream);
        of_stream.map(|(_, message)| &message["record"]).collect()
    }

    /// The schema that a stream declares.
    pub fn schema(&self, stream: &str) -> Option<&Value> {
        let mut schemas = self.of_type("SCHEMA");
        schemas
            .find(|(_, message)| message["stream"] == stream)
            .map(|(_, message)| &message["schema"])
    }

    /// The values of all STATE messages, each with its place.
    pub fn states(&self) -> impl DoubleEndedIterator<Item = (usize, &Value)> {
        self.of_type("STATE").map(|(at, message)| (at, &message["value"]))
    }

    /// The value of the last STATE.
    pub fn last_state(&self) -> Option<&Value> {
        self.states().next_back().map(|(_, state)| state)
    }

    /// What a target may count on: the messages up to the last STATE.
    pub fn until_last_state(&self) -> Output {
        let end = self.states().next_back().map_or(0, |(at, _)| at + 1);
        Output { messages: self.messages[..end].to_vec() }
    }

    /// The bookmark of a partition in the last STATE.
    pub fn bookmark(&self, stream: &str, partition: &str) -> Option<&str> {
        let bookmark = &self.last_state()?["bookmarks"][stream]["partitions"][partition];
        bookmark["replication_key_value"].as_str()
    }
}

/// The end of a long line.
fn end(text: &str) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(200)).collect()
}
