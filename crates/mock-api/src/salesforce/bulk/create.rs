//! New jobs.

use std::sync::Mutex;

use serde_json::Value;

use super::job::{Job, Jobs, State};
use super::order::arrange;
use crate::salesforce::error::Problem;
use crate::salesforce::field::{Field, Type};
use crate::salesforce::options::SalesforceOptions;
use crate::salesforce::org::Org;
use crate::salesforce::soql;

/// Makes a job of a request's body, and gives it as the API shows it.
///
/// # Errors
/// It is no job, or its query is one that jobs cannot run.
pub(super) fn create(
    org: &Org,
    options: &SalesforceOptions,
    jobs: &Mutex<Jobs>,
    body: &[u8],
    (version, now): (u32, u32),
) -> Result<Value, Problem> {
    let invalid = |text: &str| Problem::new(400, "INVALIDJOB", text);
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| Problem::new(400, "JSON_PARSER_ERROR", "the body is no JSON"))?;
    let operation = match body["operation"].as_str() {
        Some("query") => "query",
        Some("queryAll") => "queryAll",
        _ => return Err(invalid("`operation` is neither query nor queryAll")),
    };
    for (name, only) in [("contentType", "CSV"), ("columnDelimiter", "COMMA"), ("lineEnding", "LF")]
    {
        if body[name].as_str().is_some_and(|value| value != only) {
            return Err(invalid(&format!("this server knows no other `{name}` than {only}")));
        }
    }
    let text = body["query"].as_str().ok_or_else(|| invalid("`query` is missing"))?;
    let statement = soql::parse(text)?;
    if let Some(clause) = statement.foreign {
        let text = format!("{clause} is not supported by the Bulk API");
        return Err(Problem::new(400, "API_ERROR", text));
    }
    let query = soql::check(org, &statement)?;
    let object = &org.objects[query.object];
    if !object.traits.is_bulk {
        let text = format!("Entity '{}' is not supported by the Bulk API.", object.name);
        return Err(Problem::new(400, "INVALIDENTITY", text));
    }
    if query.fields.is_empty() {
        return Err(Problem::new(400, "API_ERROR", "COUNT is not supported by the Bulk API"));
    }
    query.fields.iter().try_for_each(|at| readable(&object.fields[*at]))?;
    let mut numbers = soql::run(org, &query, operation == "queryAll", now);
    if query.order.is_empty() {
        arrange(org, query.object, &mut numbers, options.bulk_order);
    }
    let mut jobs = jobs.lock().expect("no holder of this lock panics");
    Ok(jobs.add(|id| Job {
        id,
        version,
        operation,
        object: query.object,
        object_name: object.name.clone(),
        fields: query.fields,
        numbers: numbers.into(),
        created: now,
        state: State::UploadComplete,
        polls: 0,
    }))
}

/// Jobs read neither what is made of other fields nor bytes.
fn readable(field: &Field) -> Result<(), Problem> {
    let what = match field.kind {
        Type::Address | Type::Location => "compound",
        Type::Base64 => "binary",
        _ => return Ok(()),
    };
    let text = format!("Selecting {what} data not supported in Bulk Query");
    Err(Problem::new(400, "FUNCTIONALITY_NOT_ENABLED", text))
}
