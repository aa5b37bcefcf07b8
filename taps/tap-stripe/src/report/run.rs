//! A run of a report: asked for, waited for, downloaded.

use std::time::Duration;

use chrono::DateTime;
use http::{HeaderName, HeaderValue, header};
use serde::Deserialize;
use singer_http::{BodyKind, Request};
use singer_tap::{Error, Scan};
use url::form_urlencoded;

use crate::ask;

const RUNS: &str = "/v1/reporting/report_runs";
/// The first wait for a report, the longest, and how long one is waited for in all.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(45 * 60);
/// How often a report is asked for that Stripe fails to make.
const ATTEMPTS: u32 = 2;

/// One interval of a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) kind: &'static str,
    /// Seconds since 1970.
    pub(super) from: i64,
    pub(super) to: i64,
}

/// What Stripe says of a run.
#[derive(Debug, Deserialize)]
struct Told {
    id: String,
    status: String,
    error: Option<String>,
    result: Option<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    url: Option<String>,
}

impl Run {
    /// The CSV of the report.
    pub(super) async fn csv(&self, scan: &Scan<'_>) -> Result<Vec<u8>, Error> {
        let mut attempt = 0;
        loop {
            let told = self.made(scan, attempt).await?;
            attempt += 1;
            match told.result.and_then(|file| file.url) {
                Some(link) if told.status == "succeeded" => return download(scan, &link).await,
                _ if attempt < ATTEMPTS => {}
                _ => {
                    let why =
                        told.error.unwrap_or_else(|| format!("its status is `{}`", told.status));
                    return Err(self.failed(&why, "a run after a day asks for it again"));
                }
            }
        }
    }

    /// The run when it has come to its end.
    async fn made(&self, scan: &Scan<'_>, attempt: u32) -> Result<Told, Error> {
        let mut told: Told = self.send(scan, &self.order(scan, attempt)?).await?;
        let (mut wait, mut waited) = (FIRST, Duration::ZERO);
        while told.status == "pending" {
            if waited >= PATIENCE {
                let why = "it is not made after 45 minutes";
                return Err(self.failed(why, "the next run takes up the same one"));
            }
            scan.client.pause(wait, &format!("the report {} is being made", self.kind)).await;
            waited += wait;
            wait = (wait * 2).min(LONGEST);
            let path = format!("{RUNS}/{}", told.id);
            told = self.send(scan, &ask::get(scan, &path, &format!("{RUNS}/{{id}}"))?).await?;
        }
        Ok(told)
    }

    async fn send(&self, scan: &Scan<'_>, request: &Request) -> Result<Told, Error> {
        let (json, _) = ask::json(scan, request).await?;
        ask::parse(&json)
    }

    /// The request that makes it. One that was asked for within the last day comes back as it is:
    /// <https://docs.stripe.com/api/idempotent_requests>.
    fn order(&self, scan: &Scan<'_>, attempt: u32) -> Result<Request, Error> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("report_type", self.kind)
            .append_pair("parameters[interval_start]", &self.from.to_string())
            .append_pair("parameters[interval_end]", &self.to.to_string())
            .finish();
        let mut request = Request::post(ask::url(scan, RUNS), body);
        ask::sign(scan, &mut request)?;
        let once = format!("singer-tap-{}-{}-{}-{attempt}", self.kind, self.from, self.to);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers.insert(header::CONTENT_TYPE, form);
        if let Ok(once) = HeaderValue::try_from(once) {
            request.headers.insert(HeaderName::from_static("idempotency-key"), once);
            request.repeatable = true;
        }
        Ok(request)
    }

    fn failed(&self, why: &str, remedy: &str) -> Error {
        let [from, to] = [self.from, self.to]
            .map(|at| DateTime::from_timestamp_secs(at).unwrap_or_default().date_naive());
        Error::Job {
            what: format!("the report {} from {from} to {to} cannot be had: {why}", self.kind),
            remedy: remedy.to_owned(),
        }
    }
}

/// The file of a report, which may be on another host of Stripe's.
async fn download(scan: &Scan<'_>, link: &str) -> Result<Vec<u8>, Error> {
    let url = scan.client.origins().resolve_next(scan.client.base(), link)?;
    let mut request = Request::get(url);
    "/v1/files/{id}/contents".clone_into(&mut request.label);
    request.expect.body = BodyKind::Text;
    ask::sign(scan, &mut request)?;
    let mut response = scan.client.send(&request).await?;
    Ok(std::mem::take(&mut response.body))
}
