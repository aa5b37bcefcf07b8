//! The result of a Bulk job: CSV in pages, several of them side by side, each taken as it comes.

use std::collections::HashSet;

use futures_util::future::{try_join, try_join_all};
use serde::Deserialize;
use singer_http::{BodyKind, Client, HeaderMap, Kind, Request};
use singer_tap::{Error, Frame, PageSink, Reread, Rows as Form, Scan};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Records;
use super::job::Job;
use super::lookup::resolved;
use super::rows::{Part, Rows, Torn};

/// Records of a page that is asked for: what is cut short is asked for again.
const PAGE: &str = "100000";
/// From so many records on pages are read side by side.
const MANY: u64 = 200_000;
/// Pages side by side at most, which is what Salesforce tells at once.
const AT_ONCE: usize = 5;

/// Addresses of pages:
/// <https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_parallel_job_results.htm>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    result_pages: Vec<Listing>,
    #[serde(alias = "nextRecordUrl")]
    next_records_url: Option<String>,
    #[serde(default)]
    done: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    result_url: String,
}

/// A page that was read to its end.
struct Ended {
    rows: u64,
    /// What leads to the next page, for pages one after the other.
    locator: Option<String>,
}

/// Reads all pages; tells how many records they have.
pub(super) async fn read(
    of: &Records,
    job: &Job,
    scan: &Scan<'_>,
    pages: &mut PageSink,
) -> Result<u64, Error> {
    if job.records >= MANY && of.api.has_result_pages() {
        return side_by_side(of, job, scan, pages).await;
    }
    let (mut records, mut locator, mut known) = (0, None, HashSet::new());
    loop {
        if !known.insert(locator.clone()) {
            return Err(Error::Loop { page: known.len() + 1 });
        }
        let ended = taken(scan.client, vec![page(of, job, scan, locator)], pages).await?;
        records += ended.iter().map(|page| page.rows).sum::<u64>();
        locator = ended.into_iter().next().and_then(|page| page.locator);
        if locator.is_none() {
            return Ok(records);
        }
    }
}

/// The same of pages that are told of together.
async fn side_by_side(
    of: &Records,
    job: &Job,
    scan: &Scan<'_>,
    pages: &mut PageSink,
) -> Result<u64, Error> {
    let client = scan.client;
    let mut request = of.api.get(client, &job.part("resultPages"));
    "jobs/query/{id}/resultPages".clone_into(&mut request.label);
    let (mut records, mut known) = (0, HashSet::new());
    loop {
        if !known.insert(request.url.clone()) {
            return Err(Error::Loop { page: known.len() + 1 });
        }
        let listed: Listed = of.api.json(client, &request).await?;
        let requests = listed
            .result_pages
            .iter()
            .map(|page| Ok(csv(Request::get(resolved(client, &page.result_url)?))))
            .collect::<Result<Vec<_>, Error>>()?;
        for some in requests.chunks(AT_ONCE) {
            let ended = taken(client, some.to_vec(), pages).await?;
            records += ended.iter().map(|page| page.rows).sum::<u64>();
        }
        match listed.next_records_url.filter(|_| !listed.done) {
            Some(link) => request.url = resolved(client, &link)?,
            None => return Ok(records),
        }
    }
}

/// The request for a page.
fn page(of: &Records, job: &Job, scan: &Scan<'_>, locator: Option<String>) -> Request {
    let mut request = csv(of.api.get(scan.client, &job.part("results")));
    let mut query = request.url.query_pairs_mut();
    query.append_pair("maxRecords", PAGE);
    if let Some(locator) = locator {
        query.append_pair("locator", &locator);
    }
    drop(query);
    request
}

fn csv(mut request: Request) -> Request {
    "jobs/query/{id}/results".clone_into(&mut request.label);
    request.expect.body = BodyKind::Text;
    request
}

/// Reads pages side by side and takes their rows as they come.
async fn taken(
    client: &Client,
    requests: Vec<Request>,
    pages: &mut PageSink,
) -> Result<Vec<Ended>, Error> {
    let (sender, parts) = channel(1);
    let downloads = requests.into_iter().map(|request| download(client, request, sender.clone()));
    let downloads = try_join_all(downloads.collect::<Vec<_>>());
    drop(sender);
    let (ended, ()) = try_join(downloads, take(parts, pages)).await?;
    Ok(ended)
}

/// Hands rows on to the writer.
async fn take(mut parts: Receiver<Part>, pages: &mut PageSink) -> Result<(), Error> {
    let frame = Frame { rows: Form::Csv, ..Frame::default() };
    while let Some(part) = parts.recv().await {
        let facts = pages.push_body(&part.csv, &frame).await?;
        if facts.records != part.rows {
            let what = format!("{} rows were read as {} records", part.rows, facts.records);
            return Err(Error::Body { what });
        }
    }
    Ok(())
}

/// Reads a page, again where it was not whole: what came of it before comes once more then.
async fn download(client: &Client, request: Request, parts: Sender<Part>) -> Result<Ended, Error> {
    let mut tries = Reread::default();
    loop {
        match attempt(client, &request, &parts).await {
            Ok(ended) => return Ok(ended),
            Err(error) => tries.after(error, client, &request.label).await?,
        }
    }
}

async fn attempt(client: &Client, request: &Request, parts: &Sender<Part>) -> Result<Ended, Error> {
    let mut body = client.download(request).await?;
    let (expected, locator) = told(&body.head().headers);
    let (mut rows, mut count) = (Rows::default(), 0);
    let torn = |torn| Error::Body {
        what: match torn {
            Torn::Cut => "it ends within a row".to_owned(),
            Torn::Endless => "a row has no end".to_owned(),
        },
    };
    let mut hand_on = async |part: Option<Part>| {
        if let Some(part) = part {
            count += part.rows;
            // Who takes them has an error of his own.
            let _ = parts.send(part).await;
        }
    };
    while let Some(piece) = body.piece().await.map_err(broken)? {
        hand_on(rows.push(&piece).map_err(torn)?).await;
    }
    hand_on(rows.end().map_err(torn)?).await;
    match expected {
        Some(expected) if expected == count => Ok(Ended { rows: count, locator }),
        Some(expected) => {
            Err(Error::Body { what: format!("it has {count} rows instead of {expected}") })
        }
        None => Err(Error::Page {
            what: "a page of a Bulk result does not say how many records it has".to_owned(),
        }),
    }
}

/// How many rows a page has, and what leads to the next one.
fn told(headers: &HeaderMap) -> (Option<u64>, Option<String>) {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let locator = text("sforce-locator").filter(|it| !it.is_empty() && *it != "null");
    (text("sforce-numberofrecords").and_then(|it| it.parse().ok()), locator.map(str::to_owned))
}

/// A body that ended early is asked for again, as one that cannot be read.
fn broken(error: singer_http::Error) -> Error {
    match error.kind() {
        Kind::Body(_) | Kind::Dropped(_) | Kind::TimedOut(_) => {
            Error::Body { what: error.to_string() }
        }
        _ => error.into(),
    }
}
