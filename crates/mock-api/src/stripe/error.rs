//! Errors in Stripe's words (<https://docs.stripe.com/api/errors>).

use serde_json::{Map, Value, json};

use super::pretty;
use crate::server::Answer;

const DOCS: &str = "https://stripe.com/docs/error-codes/";

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) code: Option<&'static str>,
    pub(super) message: String,
    pub(super) param: Option<String>,
}

impl Problem {
    /// A problem without a code.
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, code: None, message: message.into(), param: None }
    }

    pub(super) fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(super) fn param(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    /// There is no such object: 404 where a path names it, 400 where a parameter does.
    pub(super) fn missing(status: u16, object: &str, id: &str, param: &str) -> Self {
        let object = object.rsplit('.').next().unwrap_or(object);
        Self::new(status, format!("No such {object}: '{id}'")).code("resource_missing").param(param)
    }

    pub(super) fn unknown_parameter(name: &str) -> Self {
        Self::new(400, format!("Received unknown parameter: {name}"))
            .code("parameter_unknown")
            .param(name)
    }

    pub(super) fn missing_parameter(name: &str) -> Self {
        Self::new(400, format!("Missing required param: {name}."))
            .code("parameter_missing")
            .param(name)
    }

    pub(super) fn no_url(method: &str, path: &str) -> Self {
        Self::new(
            404,
            format!(
                "Unrecognized request URL ({method}: {path}). Please see \
                https://stripe.com/docs or we can help at https://support.stripe.com/."
            ),
        )
    }

    pub(super) fn answer(&self) -> Answer {
        let mut error = Map::new();
        if let Some(code) = self.code {
            error.insert("code".to_owned(), json!(code));
            let page = code.replace('_', "-");
            error.insert("doc_url".to_owned(), json!(format!("{DOCS}{page}")));
        }
        error.insert("message".to_owned(), json!(self.message));
        if let Some(param) = &self.param {
            error.insert("param".to_owned(), json!(param));
        }
        error.insert("type".to_owned(), json!("invalid_request_error"));
        let body = json!({"error": Value::Object(error)}).to_string();
        Answer::json(self.status, pretty::print(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_tells_code_page_parameter_and_type() {
        let answer = Problem::missing(400, "checkout.session", "cs_1", "starting_after").answer();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            body["error"],
            json!({
                "code": "resource_missing",
                "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
                "message": "No such session: 'cs_1'",
                "param": "starting_after",
                "type": "invalid_request_error",
            })
        );
    }
}
