//! What can be wrong with a document, a schema or a stream's description.

use crate::cursor::CursorKind;

/// Why a document or a description was refused.
///
/// No message holds a value of the document, so that an error may be logged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no JSON.
    #[error("cannot read the {document} ({}){}", json_fault(source), remedy(document, ""))]
    Json {
        /// What was read: `state`, `catalog`, `schema`.
        document: &'static str,
        /// Where the JSON breaks.
        source: serde_json::Error,
    },
    /// A value has another type than the protocol gives it.
    #[error(
        "{} is {found} (expected {expected}){}",
        place(document, pointer),
        remedy(document, pointer)
    )]
    Type {
        /// What was read: `state`, `catalog`, `schema`.
        document: &'static str,
        /// JSON pointer of the value; empty for the document itself.
        pointer: String,
        /// What the protocol wants there.
        expected: String,
        /// The JSON type found.
        found: &'static str,
    },
    /// A value that the protocol needs is absent.
    #[error(
        "{} is missing (expected {expected}){}",
        place(document, pointer),
        remedy(document, pointer)
    )]
    Missing {
        /// What was read: `state`, `catalog`, `schema`.
        document: &'static str,
        /// JSON pointer of the absent value.
        pointer: String,
        /// What the protocol wants there.
        expected: String,
    },
    /// A schema uses what targets cannot take; see [`crate::lint()`].
    #[error("{} cannot be read ({rule})", place("schema", pointer))]
    Schema {
        /// JSON pointer into the schema.
        pointer: String,
        /// The rule that it breaks.
        rule: String,
    },
    /// A text is no value of a bookmark's kind.
    #[error("a bookmark cannot be read as {kind} (expected {})", kind.expected())]
    Cursor {
        /// The kind it should have had.
        kind: CursorKind,
    },
    /// The state belongs to another tap.
    #[error(
        "the state was written by `{found}` (a state belongs to one tap); \
         give `{tap}` its own state, or none to read everything again"
    )]
    ForeignState {
        /// The tap that reads.
        tap: String,
        /// The tap named in the state.
        found: String,
    },
    /// The state was written by a newer release of the tap.
    #[error(
        "the state has version {found} (this tap reads up to {known}); \
         run the release that wrote it, or a newer one"
    )]
    NewerState {
        /// The version in the state.
        found: u64,
        /// The newest version that is understood.
        known: u64,
    },
    /// A stream's description contradicts itself or its schema.
    #[error("stream `{stream}` cannot be read: {problem}")]
    Stream {
        /// The stream.
        stream: String,
        /// What is wrong, and the rule that it breaks.
        problem: String,
    },
    /// What the user's settings ask of a stream cannot be done.
    #[error("{pointer}: {problem}")]
    Settings {
        /// JSON pointer of the setting.
        pointer: String,
        /// What is wrong, the rule, and the remedy.
        problem: String,
    },
}

fn place(document: &str, pointer: &str) -> String {
    if pointer.is_empty() {
        format!("the {document}")
    } else {
        format!("`{pointer}` in the {document}")
    }
}

/// What is wrong with a text that is no JSON, and where. serde_json's own words could quote it.
pub fn json_fault(error: &serde_json::Error) -> String {
    let place = format!("at line {}, column {}", error.line(), error.column());
    match error.is_eof() {
        true if (error.line(), error.column()) == (1, 0) => "it is empty".to_owned(),
        true => format!("not valid JSON: it ends too soon, {place}"),
        false => format!("not valid JSON {place}"),
    }
}

/// Where another document comes from, if it is wrong as a whole.
fn remedy(document: &str, pointer: &str) -> &'static str {
    match (document, pointer) {
        ("state", "" | "/bookmarks") => {
            "; give the last line that the target printed, or no state to read everything anew"
        }
        ("catalog", "") => "; `--discover` prints one",
        _ => "",
    }
}

/// The English name of a JSON value's type, with its article.
pub fn type_name(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "a list",
        serde_json::Value::Object(_) => "an object",
    }
}
