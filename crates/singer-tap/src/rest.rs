//! The usual source: a path, parameters, and pages of JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode};
use singer_http::{BodyKind, BoxFuture, Request, Response};
use singer_protocol::{Cursor, Frame, PageFacts, Rows};

use crate::error::Error;
use crate::horizon::Horizon;
use crate::page::{Next, Page, Paginator};
use crate::pagination::{SinglePage, set_param};
use crate::partition::Partition;
use crate::pick::Pick;
use crate::refusals::{self, Refusals};
use crate::replication::Since;
use crate::reread::Reread;
use crate::sink::PageSink;
use crate::source::{Complete, Scan, Source};
use crate::template;

/// How many pages in a row may be empty while the API says that there is more.
const EMPTY_PAGES: u32 = 100;

/// Reads partitions by the routes of a stream.
#[derive(Clone, Default)]
pub(crate) struct Rest {
    pub(crate) routes: Vec<Route>,
    /// Statuses that say that a partition has no such thing.
    pub(crate) absent: Vec<u16>,
}

/// A query parameter.
#[derive(Clone)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) value: Cow<'static, str>,
    /// The field for whose sake it is sent; none: always.
    pub(crate) of: Option<&'static str>,
}

/// One way to a stream's records: path, parameters, headers, pages.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) params: Vec<Param>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) records_at: &'static str,
    pub(crate) rows: Rows,
    pub(crate) paginator: Arc<dyn Paginator>,
    pub(crate) partitions: Option<Vec<Partition>>,
    pub(crate) empty_on: Vec<u16>,
    pub(crate) shrinks: bool,
    pub(crate) refusals: Option<Refusals>,
    pub(crate) horizon: Option<Horizon>,
    /// Bounds are whole seconds since 1970 to the API.
    pub(crate) in_seconds: bool,
    pub(crate) completion: Option<Arc<dyn Complete>>,
    pub(crate) pick: Option<Pick>,
    /// What reads it, if not this.
    pub(crate) source: Option<Arc<dyn Source>>,
}

impl Route {
    pub(crate) fn get(path: &'static str) -> Route {
        Route {
            path,
            params: Vec::new(),
            headers: Vec::new(),
            records_at: "",
            rows: Rows::List,
            paginator: Arc::new(SinglePage),
            partitions: None,
            empty_on: Vec::new(),
            shrinks: false,
            refusals: None,
            horizon: None,
            in_seconds: false,
            completion: None,
            pick: None,
            source: None,
        }
    }

    /// The request for the first page.
    pub(crate) fn request(&self, scan: &Scan<'_>) -> Result<Request, Error> {
        let mut url = scan.client.base().clone();
        let path = template::fill(self.path, scan.batch, true)?;
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        let mut request = Request::get(url);
        request.label = self.path.to_owned();
        request.expect.empty = statuses(&self.empty_on);
        request.audience = scan.audience.map(str::to_owned);
        if matches!(self.rows, Rows::Text | Rows::Csv) {
            request.expect.body = BodyKind::Text;
        }
        if self.refusals.is_some() {
            request.most_attempts = refusals::ATTEMPTS;
        }
        for Param { name, value, .. } in &self.params {
            // One may be there several times, as a list.
            let value = template::fill(value, scan.batch, false)?;
            request.url.query_pairs_mut().append_pair(name, &value);
        }
        for (name, value) in &self.headers {
            let value = template::fill(value, scan.batch, false)?;
            let value = HeaderValue::try_from(value).map_err(|_| Error::Usage {
                what: format!("a value of the settings cannot be sent in the header `{name}` (it consists of visible ASCII characters)"),
            })?;
            request.headers.insert(HeaderName::from_static(name), value);
        }
        match (scan.since, scan.window) {
            (Some(Since::Param(name) | Since::UnorderedParam(name)), _) => {
                self.set_bound(&mut request, name, scan.from);
            }
            (Some(Since::Window { from, to, .. }), Some(window)) => {
                self.set_bound(&mut request, from, window.from.as_ref());
                self.set_bound(&mut request, to, window.to.as_ref());
            }
            (Some(Since::Range { param, .. }), Some(window)) => {
                if let Some(range) = window.range() {
                    set_param(&mut request, param, &range);
                }
            }
            _ => {}
        }
        self.paginator.begin(&mut request);
        Ok(request)
    }

    fn set_bound(&self, request: &mut Request, name: &'static str, bound: Option<&Cursor>) {
        let Some(bound) = bound else { return };
        let value = match bound {
            Cursor::Instant(at) if self.in_seconds => at.timestamp().to_string(),
            bound => bound.to_string(),
        };
        set_param(request, name, &value);
    }

    fn frame(&self) -> Frame {
        Frame {
            records_at: self.records_at.to_owned(),
            rows: self.rows.clone(),
            needs: self.paginator.needs(),
            ..Frame::default()
        }
    }

    /// Reads the list, once more if it changed meanwhile.
    async fn read(
        &self,
        scan: Scan<'_>,
        absent: &[u16],
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let mut first = self.request(&scan)?;
        first.expect.absent = statuses(absent);
        let list = self.list(&scan, &first, pages).await?;
        if !self.shrinks || scan.probe || self.is_stable(&scan, &first, &list, pages).await? {
            return Ok(());
        }
        let list = self.list(&scan, &first, pages).await?;
        if !self.is_stable(&scan, &first, &list, pages).await? {
            pages.note_unstable();
        }
        Ok(())
    }

    async fn list(
        &self,
        scan: &Scan<'_>,
        first: &Request,
        pages: &mut PageSink,
    ) -> Result<List, Error> {
        let frame = self.frame();
        let mut request = first.clone();
        let mut list = List { pages: 0, first_keys: 0 };
        let mut asked = HashSet::new();
        let mut empty = 0;
        loop {
            if !asked.insert(fingerprint(&request)) {
                return Err(Error::Loop { page: asked.len() + 1 });
            }
            let fetched = self.fetch(scan, &request, &frame, pages).await?;
            if list.pages == 0 {
                list.first_keys = pages.last_keys();
            }
            list.pages += 1;
            let Some((response, facts)) = fetched else { return Ok(list) };
            if scan.probe || pages.is_done() {
                return Ok(list);
            }
            empty = if facts.records == 0 { empty + 1 } else { 0 };
            if empty > EMPTY_PAGES {
                return Err(Error::EmptyPages { pages: empty });
            }
            let page = Page {
                response: &response,
                first,
                records: facts.records,
                needed: &facts.needed,
                last_key: facts.last_key.as_deref(),
                last_cursor: pages.last_cursor(),
            };
            match self.paginator.next(&request, &page)? {
                Next::Done => {
                    self.horizon.iter().for_each(|horizon| pages.tell_horizon(horizon));
                    return Ok(list);
                }
                Next::Request(next) => request = *next,
            }
            // What was there is not believed to be gone.
            request.expect.absent.clear();
        }
    }

    /// Fetches a page and pushes it; a body that cannot be read is fetched again, a few times. None
    /// comes after it if the API says that there is nothing.
    async fn fetch(
        &self,
        scan: &Scan<'_>,
        request: &Request,
        frame: &Frame,
        pages: &mut PageSink,
    ) -> Result<Option<(Response, PageFacts)>, Error> {
        let mut tries = Reread::default();
        loop {
            let response = match scan.client.send(request).await.map_err(Error::from) {
                Ok(response) if response.empty => return Ok(None),
                Ok(response) => response,
                Err(error) => {
                    let told = self.refusals.as_ref().and_then(|it| it.record(&error, scan.again));
                    pages.take(&told.ok_or(error)?, None, &Frame::one(), &SinglePage).await?;
                    return Ok(None);
                }
            };
            let taken = match &self.completion {
                Some(completion) => completion.complete(scan, response).await,
                None => Ok(response),
            };
            let taken = match taken {
                Ok(response) => pages
                    .take(&response.body, response.date, frame, self.paginator.as_ref())
                    .await
                    .map(|facts| (response, facts)),
                Err(error) => Err(error),
            };
            match taken {
                Ok(taken) => return Ok(Some(taken)),
                Err(error) => tries.after(error, scan.client, &request.label).await?,
            }
        }
    }

    /// Whether the first page is still what it was when the list was begun.
    async fn is_stable(
        &self,
        scan: &Scan<'_>,
        first: &Request,
        list: &List,
        pages: &PageSink,
    ) -> Result<bool, Error> {
        if list.pages < 2 {
            return Ok(true);
        }
        let response = scan.client.send(first).await?;
        let frame = self.frame();
        Ok(!response.empty && pages.look(&response, &frame)? == list.first_keys)
    }
}

/// A list that was read.
struct List {
    pages: u64,
    /// What tells the keys of its first page from others.
    first_keys: u64,
}

impl Source for Rest {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match self.routes.get(scan.route) {
                Some(Route { source: Some(source), .. }) => source.read(scan, pages).await,
                Some(route) => route.read(scan, &self.absent, pages).await,
                None => Err(Error::Bug {
                    what: "the stream has neither a path nor a source".to_owned(),
                }),
            }
        })
    }
}

fn statuses(codes: &[u16]) -> Vec<StatusCode> {
    codes.iter().filter_map(|code| StatusCode::from_u16(*code).ok()).collect()
}

/// What makes two requests the same one.
fn fingerprint(request: &Request) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.method.hash(&mut hasher);
    request.url.as_str().hash(&mut hasher);
    request.body.hash(&mut hasher);
    hasher.finish()
}
