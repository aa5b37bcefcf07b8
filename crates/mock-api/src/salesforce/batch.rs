//! Composite batches: several requests in one.

use serde_json::Value;

use super::error::Problem;
use crate::json;
use crate::server::{Answer, Request};

/// The most requests of a batch.
const MOST: usize = 25;

/// Answers each request of a batch by itself, with `answer`.
///
/// # Errors
/// It is no batch, or too large.
pub(super) fn answer(
    request: &Request,
    answer: impl Fn(&Request) -> Answer,
) -> Result<Answer, Problem> {
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|_| Problem::new(400, "JSON_PARSER_ERROR", "the body is no JSON"))?;
    let parts = body["batchRequests"]
        .as_array()
        .ok_or_else(|| Problem::new(400, "JSON_PARSER_ERROR", "`batchRequests` is no list"))?;
    if parts.is_empty() || parts.len() > MOST {
        let text = format!("a batch has from one to {MOST} requests");
        return Err(Problem::new(400, "NUMBER_OUTSIDE_VALID_RANGE", text));
    }
    let mut results = String::new();
    let mut has_errors = false;
    for part in parts {
        let url = part["url"].as_str().unwrap_or_default().trim_start_matches('/');
        let url = url.trim_start_matches("services/data/");
        let method = part["method"].as_str().unwrap_or("GET");
        let mut one = Request::new(method, &format!("/services/data/{url}"));
        one.base.clone_from(&request.base);
        one.headers.clone_from(&request.headers);
        let answer = answer(&one);
        has_errors |= answer.status >= 400;
        if !results.is_empty() {
            results.push(',');
        }
        results.push_str("{\"statusCode\":");
        json::number(answer.status.into(), &mut results);
        results.push_str(",\"result\":");
        let text = String::from_utf8(answer.body).unwrap_or_default();
        results.push_str(if text.is_empty() { "null" } else { &text });
        results.push('}');
    }
    Ok(Answer::json(200, format!("{{\"hasErrors\":{has_errors},\"results\":[{results}]}}")))
}
