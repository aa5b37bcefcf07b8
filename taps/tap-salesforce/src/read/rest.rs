//! Records by REST: a query, and its pages.

use std::collections::HashSet;

use http::{HeaderName, HeaderValue};
use serde_json::Value;
use singer_http::{Request, Response};
use singer_protocol::{Frame, PageFacts, scan as text};
use singer_tap::{Error, PageSink, Reread, Scan};

use super::Records;
use super::split::Split;
use crate::api::Api;
use crate::auth::is_lost;
use crate::soql::{After, Query};

/// Records a page: the most that Salesforce gives. It may give fewer, where they are large:
/// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm>.
const PAGE: &str = "batchSize=2000";
/// Attempts for a query: a smaller window may do where a large one fails.
const ATTEMPTS: u32 = 3;
/// Cursors that may be lost one after the other without a page between them.
const LOSSES: u32 = 3;

/// Pages in a row that may be empty though there are more.
const EMPTY_PAGES: u32 = 100;

const DONE: &str = "/done";
const NEXT: &str = "/nextRecordsUrl";

/// What came of a query.
pub(super) enum Read {
    /// All that matches was read.
    Whole,
    /// So many records match, and none was taken.
    TooMany(u64),
}

/// Reads what matches a query, unless it is more than `most`.
pub(super) async fn read(
    of: &Records,
    query: Query<'_>,
    most: Option<u64>,
    scan: &Scan<'_>,
    pages: &mut PageSink,
) -> Result<Read, Error> {
    let mut walk = Walk { of, scan, most, query, losses: 0 };
    pages.ascend(true);
    loop {
        match walk.pages(pages).await {
            Err(error) if is_lost(&error) && walk.losses < LOSSES => {
                walk.losses += 1;
                if walk.query.within.is_some() && pages.last_in_order().is_none() {
                    // Where the order was broken nobody knows what came.
                    walk.query.after = None;
                }
                tracing::info!(
                    "[PAGE08] the cursor of `{}` is lost; asking anew from where it was",
                    of.object.name
                );
            }
            Err(error) if is_lost(&error) => {
                let what = format!("the cursor of `{}` is lost again and again", of.object.name);
                return Err(Error::Body { what });
            }
            ended => return ended,
        }
    }
}

/// A query that is read page by page.
struct Walk<'a, 'q> {
    of: &'a Records,
    scan: &'a Scan<'a>,
    most: Option<u64>,
    /// The query, from where it has come to.
    query: Query<'q>,
    losses: u32,
}

impl Walk<'_, '_> {
    async fn pages(&mut self, pages: &mut PageSink) -> Result<Read, Error> {
        let split = Split::of(&self.of.api, self.scan.client, &self.query);
        let mut request = self.first(&split.first);
        let (mut asked, mut empty) = (HashSet::new(), 0);
        loop {
            if !asked.insert(request.url.clone()) {
                return Err(Error::Loop { page: asked.len() + 1 });
            }
            let (response, facts) = match self.page(&request, &split, pages).await? {
                Fetched::Page(response, facts) => (response, facts),
                Fetched::TooMany(count) => return Ok(Read::TooMany(count)),
            };
            self.most = None;
            empty = if facts.records == 0 { empty + 1 } else { 0 };
            if empty > EMPTY_PAGES {
                return Err(Error::EmptyPages { pages: empty });
            }
            self.note(&facts, pages);
            match self.next(&response, &facts)? {
                Some(next) if !self.scan.probe => request = next,
                _ => return Ok(Read::Whole),
            }
        }
    }

    /// The request for the first page.
    fn first(&self, fields: &[&str]) -> Request {
        let api = &self.of.api;
        let query = Query { fields: fields.to_vec(), ..self.query.clone() };
        let mut request = by_query(api, self.scan, &query.text(), self.of.object.marks_deleted());
        request.most_attempts = ATTEMPTS;
        request
    }

    /// A page that is taken, and asked for again where it cannot be read.
    async fn page(
        &self,
        request: &Request,
        split: &Split<'_>,
        pages: &mut PageSink,
    ) -> Result<Fetched, Error> {
        let frame = Frame {
            records_at: "/records".to_owned(),
            needs: vec![DONE.to_owned(), NEXT.to_owned()],
            ..Frame::default()
        };
        let mut tries = Reread::default();
        loop {
            let response = self.send(request).await?;
            if let Some(count) = self.most.and_then(|most| more_than(most, &response)) {
                return Ok(Fetched::TooMany(count));
            }
            let taken = if split.others.is_empty() {
                pages.push(&response, &frame).await
            } else {
                match split.completed(self.of, self.scan, &response).await {
                    Ok(body) => pages.push_body(&body, &frame).await,
                    Err(error) => Err(error),
                }
            };
            match taken {
                Ok(facts) => return Ok(Fetched::Page(Box::new(response), facts)),
                Err(error) => tries.after(error, self.scan.client, &request.label).await?,
            }
        }
    }

    /// Sends a request, in a turn of those that may take long.
    async fn send(&self, request: &Request) -> Result<Response, Error> {
        // Nobody closes it.
        let _turn = self.of.api.queries.acquire().await;
        Ok(self.scan.client.send(request).await?)
    }

    /// Notes how far the query has come.
    fn note(&mut self, facts: &PageFacts, pages: &PageSink) {
        let last = facts.last_key.as_ref().and_then(|key| key.first()?.as_str());
        let after = match (&self.query.within, pages.last_in_order()) {
            (None, _) => last.map(|id| After { value: None, id: Some(id.to_owned()) }),
            (Some(_), Some((value, is_of_last))) => Some(After {
                value: Some(value.clone()),
                id: last.filter(|_| is_of_last).map(str::to_owned),
            }),
            (Some(_), None) => None,
        };
        if after.is_some() && after != self.query.after {
            self.query.after = after;
            self.losses = 0;
        }
    }

    /// The request for the page after one.
    fn next(&self, response: &Response, facts: &PageFacts) -> Result<Option<Request>, Error> {
        let Walk { of, scan, .. } = self;
        let broken = |what: &str| Error::Page { what: what.to_owned() };
        match facts.needed.first() {
            Some(Some(Value::Bool(true))) => return Ok(None),
            Some(Some(Value::Bool(false))) => {}
            _ => return Err(broken("a page does not say whether it is the last")),
        }
        let Some(Some(Value::String(link))) = facts.needed.get(1) else {
            return Err(broken("a page that is not the last has no `nextRecordsUrl`"));
        };
        // It may lead nowhere else; what it says is the cursor.
        let url = response.resolve(link)?;
        let cursor = url.path_segments().and_then(Iterator::last).unwrap_or_default();
        if cursor.is_empty() {
            return Err(broken("`nextRecordsUrl` has no cursor"));
        }
        let mut request = of.api.get(scan.client, &format!("query/{cursor}"));
        "query/{cursor}".clone_into(&mut request.label);
        request.headers.insert(OPTIONS, HeaderValue::from_static(PAGE));
        Ok(Some(request))
    }
}

enum Fetched {
    Page(Box<Response>, PageFacts),
    TooMany(u64),
}

const OPTIONS: HeaderName = HeaderName::from_static("sforce-query-options");

/// The request for what matches a query, with deleted records if there are such.
pub(super) fn by_query(api: &Api, scan: &Scan<'_>, query: &str, with_deleted: bool) -> Request {
    let mut request = api.get(scan.client, if with_deleted { "queryAll" } else { "query" });
    request.url.query_pairs_mut().append_pair("q", query);
    request.headers.insert(OPTIONS, HeaderValue::from_static(PAGE));
    request
}

/// How many records match, if it is more than so many.
fn more_than(most: u64, response: &Response) -> Option<u64> {
    let body = str::from_utf8(&response.body).ok()?;
    let total = text::at(body, "/totalSize")?.parse().ok()?;
    (total > most).then_some(total)
}
