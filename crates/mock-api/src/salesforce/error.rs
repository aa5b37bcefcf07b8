//! What the API says when it cannot answer.

use serde_json::json;

use crate::server::Answer;

/// An error of the API: a status, a code and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// There is nothing under that path.
    pub(super) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// The query cannot be read.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::new(400, "MALFORMED_QUERY", message)
    }

    /// The day's requests are spent.
    pub(super) fn limit() -> Self {
        Self::new(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    }

    pub(super) fn session() -> Self {
        Self::new(401, "INVALID_SESSION_ID", "Session expired or invalid")
    }

    /// As a list, which is the shape of every error of the REST API.
    pub(super) fn value(&self) -> serde_json::Value {
        json!([{"message": self.message, "errorCode": self.code}])
    }

    pub(super) fn answer(&self) -> Answer {
        Answer::value(self.status, &self.value())
    }
}
