//! Which request does what with jobs.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::job::Jobs;
use super::{create, results};
use crate::salesforce::error::Problem;
use crate::salesforce::options::SalesforceOptions;
use crate::salesforce::org::Org;
use crate::salesforce::route::Place;
use crate::server::{Answer, Request};

/// The first version with jobs that query.
const FIRST: u32 = 47;
/// The first version that gives addresses of several pages.
const FIRST_ADDRESSES: u32 = 58;

/// Answers a request for `/jobs/query` and what is under it.
///
/// # Errors
/// There is no such path or job, or it cannot be done.
pub(in crate::salesforce) fn answer(
    org: &Org,
    options: &SalesforceOptions,
    jobs: &Mutex<Jobs>,
    (request, place): (&Request, &Place<'_>),
    now: u32,
) -> Result<Answer, Problem> {
    let version = place.number;
    if version < FIRST {
        return Err(Problem::not_found());
    }
    let lock = || jobs.lock().expect("no holder of this lock panics");
    let value = match (request.method.as_str(), &place.rest[2..]) {
        ("POST", []) => create::create(org, options, jobs, &request.body, (version, now))?,
        ("GET" | "HEAD", []) => {
            let records: Value = lock().all().map(|job| job.value()).collect();
            json!({"done": true, "records": records, "nextRecordsUrl": null})
        }
        ("GET" | "HEAD", [id]) => lock().poll(id, version)?.value(),
        ("PATCH", [id]) => {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            if body["state"] != "Aborted" {
                let text = "a job can be aborted only";
                return Err(Problem::new(400, "INVALIDJOBSTATE", text));
            }
            lock().abort(id, version)?.value()
        }
        ("DELETE", [id]) => {
            lock().delete(id, version)?;
            return Ok(Answer { status: 204, ..Answer::default() });
        }
        ("GET" | "HEAD", [id, "results"]) => {
            return results::page(org, options, jobs, (id, request), (version, now));
        }
        ("GET" | "HEAD", [id, "resultPages"]) if version >= FIRST_ADDRESSES => {
            results::addresses(options, jobs, (id, request), (version, place.version))?
        }
        _ => return Err(Problem::not_found()),
    };
    Ok(Answer::value(200, &value))
}
