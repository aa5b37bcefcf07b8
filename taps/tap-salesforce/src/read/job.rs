//! A query job of Bulk API 2.0: made, waited for, and ended.

use std::time::Duration;

use http::{HeaderValue, header};
use serde::Deserialize;
use serde_json::json;
use singer_http::{Method, Request};
use singer_tap::{Error, Scan};

use super::Records;

const JOBS: &str = "jobs/query";
/// The first wait for a job, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// A job whose result can be had.
pub(super) struct Job {
    pub(super) id: String,
    /// Records of the result.
    pub(super) records: u64,
}

/// What Salesforce says of a job:
/// <https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_one_job.htm>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: String,
    state: String,
    number_records_processed: Option<u64>,
    error_message: Option<String>,
}

impl Job {
    /// Where the result of the job is, or other things of it.
    pub(super) fn part(&self, part: &str) -> String {
        format!("{JOBS}/{}/{part}", self.id)
    }

    /// Has the records that match a query got together.
    pub(super) async fn run(of: &Records, query: &str, scan: &Scan<'_>) -> Result<Job, Error> {
        let operation = if of.object.marks_deleted() { "queryAll" } else { "query" };
        let order = json!({"operation": operation, "query": query}).to_string();
        let mut told = of.api.json(scan.client, &post(of, scan, JOBS, order)).await?;
        let (mut wait, mut waited) = (FIRST, Duration::ZERO);
        loop {
            let Told { id, state, number_records_processed, error_message } = told;
            match &*state {
                "JobComplete" => {
                    let records = number_records_processed.unwrap_or_default();
                    return Ok(Job { id, records });
                }
                "Failed" | "Aborted" => {
                    return Err(failed(of, scan, &state, error_message.as_deref()));
                }
                _ if waited >= scan.client.max_wait() => {
                    abort(of, scan, &id).await;
                    let what = format!(
                        "the Bulk job of `{}` is not done after {} s",
                        of.object.name,
                        waited.as_secs()
                    );
                    return Err(Error::Job { what, remedy: "raise `max_wait`".to_owned() });
                }
                _ => {}
            }
            let reason = format!("the Bulk job of `{}` is at work", of.object.name);
            scan.client.pause(wait, &reason).await;
            waited += wait;
            wait = wait.mul_f64(1.5).min(LONGEST);
            let mut request = of.api.get(scan.client, &format!("{JOBS}/{id}"));
            format!("{JOBS}/{{id}}").clone_into(&mut request.label);
            told = of.api.json(scan.client, &request).await?;
        }
    }
}

/// A POST of JSON to a resource.
fn post(of: &Records, scan: &Scan<'_>, resource: &str, body: String) -> Request {
    let mut request = Request::post(of.api.url(scan.client, resource), body);
    resource.clone_into(&mut request.label);
    request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // Twice the same query is one too many, and nothing worse.
    request.repeatable = true;
    request
}

/// Frees what a job that nobody waits for takes.
async fn abort(of: &Records, scan: &Scan<'_>, id: &str) {
    let resource = format!("{JOBS}/{id}");
    let mut request = post(of, scan, &resource, json!({"state": "Aborted"}).to_string());
    request.method = Method::PATCH;
    request.most_attempts = 1;
    if let Err(error) = scan.client.send(&request).await {
        tracing::debug!("the job {id} cannot be ended: {error}");
    }
}

/// The error of a job that came to nothing: where less may do, one that has its window halved.
fn failed(of: &Records, scan: &Scan<'_>, state: &str, message: Option<&str>) -> Error {
    let why = message.map_or(String::new(), |why| format!(": {}", singer_http::printable(why)));
    let what = format!("the Bulk job of `{}` ended as {state}{why}", of.object.name);
    let is_timeout = message.is_some_and(|why| {
        let why = why.to_ascii_lowercase();
        ["timeout", "timed out", "retried more than"].iter().any(|sign| why.contains(sign))
    });
    if is_timeout && scan.window.is_some() {
        return Error::Capped {
            what,
            remedy: "select fewer fields, or set `api_type` to REST".to_owned(),
        };
    }
    Error::Job {
        what,
        remedy: "the next run asks for it again; `api_type` REST needs no job".to_owned(),
    }
}
