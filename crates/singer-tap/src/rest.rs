//! The usual source: a path, parameters, and pages of JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode};
use singer_http::{BoxFuture, Client, Request, Response};
use singer_protocol::{Frame, PageFacts};

use crate::error::Error;
use crate::page::{Next, Page, Paginator};
use crate::pagination::{SinglePage, set_param};
use crate::partition::Partition;
use crate::replication::Since;
use crate::sink::PageSink;
use crate::source::{Scan, Source};
use crate::template;

/// How often a page whose body cannot be read is asked for.
const BODY_ATTEMPTS: u32 = 3;
/// How many pages in a row may be empty while the API says that there is more.
const EMPTY_PAGES: u32 = 100;

/// Reads partitions by the routes of a stream.
#[derive(Clone, Default)]
pub(crate) struct Rest {
    pub(crate) routes: Vec<Route>,
}

/// One way to a stream's records: path, parameters, headers, pages.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) params: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) records_at: &'static str,
    pub(crate) single: bool,
    pub(crate) paginator: Arc<dyn Paginator>,
    pub(crate) partitions: Option<Vec<Partition>>,
    pub(crate) empty_on: Vec<u16>,
}

impl Route {
    pub(crate) fn get(path: &'static str) -> Route {
        Route {
            path,
            params: Vec::new(),
            headers: Vec::new(),
            records_at: "",
            single: false,
            paginator: Arc::new(SinglePage),
            partitions: None,
            empty_on: Vec::new(),
        }
    }

    /// The request for the first page.
    fn request(&self, scan: &Scan<'_>) -> Result<Request, Error> {
        let context = scan.partition.context();
        let mut url = scan.client.base().clone();
        let path = template::fill(self.path, context, true)?;
        url.set_path(&format!("{}{path}", url.path().trim_end_matches('/')));
        let mut request = Request::get(url);
        request.label = self.path.to_owned();
        request.expect.empty =
            self.empty_on.iter().filter_map(|status| StatusCode::from_u16(*status).ok()).collect();
        for (name, value) in &self.params {
            set_param(&mut request, name, &template::fill(value, context, false)?);
        }
        for (name, value) in &self.headers {
            request.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if let Some((Since::Param(name) | Since::UnorderedParam(name), start)) = scan.since {
            set_param(&mut request, name, &start.to_string());
        }
        self.paginator.begin(&mut request);
        Ok(request)
    }

    fn frame(&self) -> Frame {
        Frame {
            records_at: self.records_at.to_owned(),
            single: self.single,
            needs: self.paginator.needs(),
            ..Frame::default()
        }
    }

    async fn read(&self, scan: Scan<'_>, pages: &mut PageSink) -> Result<(), Error> {
        let frame = self.frame();
        let first = self.request(&scan)?;
        let mut request = first.clone();
        let mut asked = HashSet::new();
        let mut empty = 0;
        loop {
            if !asked.insert(fingerprint(&request)) {
                return Err(Error::Loop { page: asked.len() + 1 });
            }
            let (response, facts) = fetch(scan.client, &request, &frame, pages).await?;
            if response.empty || scan.probe || pages.is_done() {
                return Ok(());
            }
            empty = if facts.records == 0 { empty + 1 } else { 0 };
            if empty > EMPTY_PAGES {
                return Err(Error::EmptyPages { pages: empty });
            }
            let page = Page {
                response: &response,
                first: &first,
                records: facts.records,
                needed: &facts.needed,
                last_key: facts.last_key.as_deref(),
                last_cursor: pages.last_cursor(),
            };
            match self.paginator.next(&request, &page)? {
                Next::Done => return Ok(()),
                Next::Request(next) => request = *next,
            }
        }
    }
}

impl Source for Rest {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match self.routes.get(scan.route) {
                Some(route) => route.read(scan, pages).await,
                None => Err(Error::Bug {
                    what: "the stream has neither a path nor a source".to_owned(),
                }),
            }
        })
    }
}

/// Fetches a page and pushes it; a body that cannot be read is fetched again, a few times.
async fn fetch(
    client: &Client,
    request: &Request,
    frame: &Frame,
    pages: &mut PageSink,
) -> Result<(Response, PageFacts), Error> {
    let mut attempt = 0;
    loop {
        let response = client.send(request).await?;
        if response.empty {
            let facts = PageFacts { records: 0, needed: Vec::new(), last_key: None };
            return Ok((response, facts));
        }
        match pages.push(&response, frame).await {
            Ok(facts) => return Ok((response, facts)),
            Err(Error::Body { .. }) if attempt + 1 < BODY_ATTEMPTS => {
                tracing::warn!(
                    "[BODY02] page of `{}` cannot be read; asking for it again",
                    request.label
                );
                client.backoff(attempt).await;
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// What makes two requests the same one.
fn fingerprint(request: &Request) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.method.hash(&mut hasher);
    request.url.as_str().hash(&mut hasher);
    request.body.hash(&mut hasher);
    hasher.finish()
}
