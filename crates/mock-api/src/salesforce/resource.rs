//! What can be read: which path is answered by what.

use serde_json::{Value, json};

use super::error::Problem;
use super::query::Asked;
use super::{deleted, describe};
use crate::server::{Answer, Request};

/// Answers a request that reads; `path` is what follows the version.
///
/// # Errors
/// There is no such path, or it cannot be answered.
pub(super) fn answer(
    asked: &Asked<'_>,
    request: &Request,
    path: &[&str],
) -> Result<Answer, Problem> {
    let (org, version, now) = (asked.org, asked.version, asked.now);
    let object = |name: &str| org.object(name).ok_or_else(Problem::not_found);
    let value = match path {
        [] => index(version),
        ["sobjects"] => describe::all(org, version),
        ["sobjects", name, "describe"] => describe::one(object(name)?, version),
        ["sobjects", name, "deleted"] => deleted::answer(object(name)?, request, now)?,
        ["sobjects", name, id, "Body"] => {
            let object = object(name)?;
            let row = object.number(id).and_then(|number| object.table.get(number, now));
            return row.map(|_| bytes(id)).ok_or_else(Problem::not_found);
        }
        ["query"] => return asked.first(request, false),
        ["queryAll"] => return asked.first(request, true),
        ["query" | "queryAll", locator] => return asked.next(request, locator),
        _ => return Err(Problem::not_found()),
    };
    Ok(Answer::value(200, &value))
}

/// What there is under a version.
fn index(version: &str) -> Value {
    let url = |name: &str| format!("/services/data/{version}/{name}");
    json!({
        "limits": url("limits"),
        "query": url("query"),
        "queryAll": url("queryAll"),
        "sobjects": url("sobjects"),
    })
}

/// The bytes of a record.
fn bytes(id: &str) -> Answer {
    let body = format!("the bytes of {id}").into_bytes();
    let mut answer = Answer { status: 200, body, ..Answer::default() };
    answer.set("content-type", "application/octet-stream");
    answer
}
