//! Error bodies.

use serde_json::json;

use crate::server::Answer;

const DOCS: &str = "https://docs.github.com/rest";

/// An error with the API's own words.
pub(crate) fn error(status: u16, text: &str) -> Answer {
    let body = json!({"message": text, "documentation_url": DOCS, "status": status.to_string()});
    Answer::value(status, &body)
}

/// What is not there, or not to be seen.
pub(crate) fn not_found() -> Answer {
    error(404, "Not Found")
}

/// A parameter that cannot be used.
pub(crate) fn invalid(text: &str) -> Answer {
    error(422, text)
}
