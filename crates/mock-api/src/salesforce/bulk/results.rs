//! The results of a job, page by page, or as addresses of several pages.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::csv;
use super::job::{Job, Jobs, State};
use super::locator::Locator;
use crate::salesforce::error::Problem;
use crate::salesforce::options::SalesforceOptions;
use crate::salesforce::org::Org;
use crate::server::{Answer, Request};

/// Addresses that are given at once.
const ADDRESSES: usize = 5;
/// From this version on it is an error to ask for results before there are any.
const TELLS_ERRORS: u32 = 50;

/// Finds a job whose results are there, and the position that a locator stands for.
fn find(
    jobs: &Mutex<Jobs>,
    id: &str,
    version: u32,
    locator: Option<&str>,
) -> Result<(Job, Locator), Problem> {
    let mut jobs = jobs.lock().expect("no holder of this lock panics");
    let job = jobs.get(id, version)?.clone();
    if job.state != State::JobComplete {
        let text = "the job is not complete";
        return Err(Problem::new(400, "INVALIDJOBSTATE", text));
    }
    let start = Locator { job: job.id.number, generation: jobs.generation, position: 0 };
    let Some(text) = locator else { return Ok((job, start)) };
    let found = Locator::parse(text).filter(|found| {
        let is_here = found.job == start.job && found.position as usize <= job.numbers.len();
        is_here && found.generation == start.generation
    });
    match found {
        Some(found) if jobs.uses(text) => Ok((job, found)),
        _ => Err(Problem::new(400, "INVALID_LOCATOR", "the locator is invalid or has expired")),
    }
}

/// A page of results.
///
/// # Errors
/// There is no such job or locator, or no result yet.
pub(super) fn page(
    org: &Org,
    options: &SalesforceOptions,
    jobs: &Mutex<Jobs>,
    (id, request): (&str, &Request),
    (version, now): (u32, u32),
) -> Result<Answer, Problem> {
    let found = find(jobs, id, version, request.param("locator"));
    if version < TELLS_ERRORS && matches!(&found, Err(problem) if problem.code == "INVALIDJOBSTATE")
    {
        return Ok(Answer { status: 204, ..Answer::default() });
    }
    let (job, locator) = found?;
    let wish = request.number("maxRecords").filter(|most| *most > 0);
    let size = wish.map_or(u64::MAX, |most| most).min(options.bulk_page.into()) as usize;
    let from = locator.position as usize;
    let end = from.saturating_add(size).min(job.numbers.len());
    let rows = (&job.numbers[from..end], from as u64);
    let (body, count) = csv::page(org, options, (job.object, &job.fields), rows, now);
    let mut answer = Answer { status: 200, body: body.into_bytes(), ..Answer::default() };
    let next =
        (end < job.numbers.len()).then(|| Locator { position: end as u32, ..locator }.text());
    answer.set("content-type", "text/csv");
    answer.set("sforce-numberofrecords", count.to_string());
    answer.set("sforce-locator", next.as_deref().unwrap_or("null"));
    Ok(answer)
}

/// Addresses of up to five pages.
///
/// # Errors
/// There is no such job or locator, or no result yet.
pub(super) fn addresses(
    options: &SalesforceOptions,
    jobs: &Mutex<Jobs>,
    (id, request): (&str, &Request),
    (version, name): (u32, &str),
) -> Result<Value, Problem> {
    let (job, locator) = find(jobs, id, version, request.param("locator"))?;
    let base = format!("/services/data/{name}/jobs/query/{}", job.id.text());
    let total = job.numbers.len();
    // There is one page even if it has no rows.
    let starts = (locator.position as usize..total.max(1)).step_by(options.bulk_page as usize);
    let text = |position: usize| Locator { position: position as u32, ..locator }.text();
    let pages = starts
        .clone()
        .take(ADDRESSES)
        .map(|position| json!({"resultUrl": format!("{base}/results?locator={}", text(position))}));
    let mut value = json!({"resultPages": pages.collect::<Value>()});
    let next = starts.clone().nth(ADDRESSES);
    if let Some(position) = next {
        value["nextRecordsUrl"] = format!("{base}/resultPages?locator={}", text(position)).into();
    }
    value["done"] = next.is_none().into();
    Ok(value)
}
