//! An error of an answer.

use serde_json::{Map, Value, json};

use super::ast::At;

/// An error as an answer lists it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Problem {
    /// The API's name for it.
    pub(crate) kind: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) path: Vec<Value>,
    pub(crate) at: Option<At>,
    pub(crate) extensions: Option<Box<Value>>,
}

impl Problem {
    pub(crate) fn plain(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), ..Problem::default() }
    }

    pub(crate) fn at(message: impl Into<String>, at: At) -> Problem {
        Problem { at: Some(at), ..Problem::plain(message) }
    }

    pub(crate) fn kind(kind: &'static str, message: impl Into<String>) -> Problem {
        Problem { kind: Some(kind), ..Problem::plain(message) }
    }

    /// A text that breaks the grammar.
    pub(crate) fn syntax(text: &str, at: At) -> Problem {
        let At { line, column } = at;
        Problem::at(format!("Parse error on {text:?} at [{line}, {column}]"), at)
    }

    /// With the code that a checker gives it.
    pub(crate) fn code(self, code: &str) -> Problem {
        self.with(json!({"code": code}))
    }

    pub(crate) fn with(self, extensions: Value) -> Problem {
        Problem { extensions: Some(Box::new(extensions)), ..self }
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut value = Map::new();
        if let Some(kind) = self.kind {
            value.insert("type".to_owned(), kind.into());
        }
        if !self.path.is_empty() {
            value.insert("path".to_owned(), self.path.clone().into());
        }
        if let Some(extensions) = &self.extensions {
            value.insert("extensions".to_owned(), (**extensions).clone());
        }
        if let Some(At { line, column }) = self.at {
            value.insert("locations".to_owned(), json!([{"line": line, "column": column}]));
        }
        value.insert("message".to_owned(), self.message.clone().into());
        value.into()
    }
}
