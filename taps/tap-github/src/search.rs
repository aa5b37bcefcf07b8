//! GitHub's search, which shows no more than its first results.

mod created;

use serde::Deserialize;
use singer_http::{BoxFuture, Request};
use singer_tap::{Error, Frame, PageSink, Scan, Source};

use created::Created;

/// Source: <https://docs.github.com/en/rest/search/search#about-search>.
const SHOWN: u64 = 1_000;
const PER_PAGE: u64 = 100;
/// How often a page is asked for that cannot be read, or that GitHub gave up on.
const ATTEMPTS: u32 = 4;

/// Reads the repositories that a query finds. One that finds more than is shown is asked for by
/// ranges of `created:`, halved until each finds less.
///
/// <https://docs.github.com/en/rest/search/search#search-repositories>
pub(crate) struct RepositorySearch;

/// What a page says beside its results.
#[derive(Debug, Deserialize)]
struct Counts {
    total_count: u64,
    incomplete_results: bool,
}

/// What came of a query.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    All,
    /// More than is shown.
    TooMany(u64),
}

impl Source for RepositorySearch {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let query = scan.partition.context().get("search_query").and_then(|it| it.as_str());
            let query = query.ok_or_else(|| Error::Bug {
                what: "the partition of a search has no query".to_owned(),
            })?;
            match results(query, &scan, pages).await? {
                Found::All => Ok(()),
                Found::TooMany(total) => by_creation(query, total, &scan, pages).await,
            }
        })
    }
}

/// Reads what a query finds that finds too much, range by range.
async fn by_creation(
    query: &str,
    total: u64,
    scan: &Scan<'_>,
    pages: &mut PageSink,
) -> Result<(), Error> {
    let (rest, whole) = created::taken_out(query).ok_or_else(|| {
        capped(total, "its query has a `created:` that cannot be split; make several of it by hand")
    })?;
    let now = scan.client.now();
    let halves = |range: &Created, total| {
        let remedy = "they were all created in the same second, so that its query must be narrowed by another qualifier";
        range.halves(now).ok_or_else(|| capped(total, remedy))
    };
    // The next range is the last one.
    let mut ranges = Vec::from(halves(&whole, total)?);
    ranges.reverse();
    while let Some(range) = ranges.pop() {
        if let Found::TooMany(total) = results(&range.within(&rest), scan, pages).await? {
            let [first, second] = halves(&range, total)?;
            ranges.extend([second, first]);
        }
    }
    Ok(())
}

/// Reads what a query finds, unless that is more than is shown.
async fn results(query: &str, scan: &Scan<'_>, pages: &mut PageSink) -> Result<Found, Error> {
    let mut request = first(query, scan);
    for _ in 0..SHOWN / PER_PAGE {
        match page(&request, scan, pages).await? {
            Page::TooMany(total) => return Ok(Found::TooMany(total)),
            Page::Last => return Ok(Found::All),
            Page::Before(next) => request = *next,
        }
    }
    Err(Error::Loop { page: (SHOWN / PER_PAGE + 1) as usize })
}

/// What a page was.
enum Page {
    TooMany(u64),
    Last,
    Before(Box<Request>),
}

/// Takes a page, if it is one of a result that is shown whole.
async fn page(request: &Request, scan: &Scan<'_>, pages: &mut PageSink) -> Result<Page, Error> {
    let frame = Frame { records_at: "/items".to_owned(), ..Frame::list() };
    let mut attempt = 0;
    loop {
        let response = scan.client.send(request).await?;
        let error = match counts(&response.body) {
            Ok(Counts { incomplete_results: true, .. }) => Error::Capped {
                what: "GitHub ran out of time again and again, and its results are incomplete"
                    .to_owned(),
                remedy: "narrow the query of the search".to_owned(),
            },
            Ok(Counts { total_count, .. }) if total_count > SHOWN && !scan.probe => {
                return Ok(Page::TooMany(total_count));
            }
            Ok(_) => match pages.push(&response, &frame).await {
                Ok(_) if scan.probe => return Ok(Page::Last),
                Ok(_) => {
                    let next = response.link("next")?.map(|url| Request { url, ..request.clone() });
                    return Ok(next.map_or(Page::Last, |next| Page::Before(Box::new(next))));
                }
                Err(error @ Error::Body { .. }) => error,
                Err(error) => return Err(error),
            },
            Err(error) => error,
        };
        if attempt + 1 >= ATTEMPTS {
            return Err(error);
        }
        scan.client.backoff(attempt).await;
        attempt += 1;
    }
}

fn counts(body: &[u8]) -> Result<Counts, Error> {
    serde_json::from_slice(body).map_err(|_| Error::Body {
        what: "a page of a search tells its `total_count`, and whether it has `incomplete_results`"
            .to_owned(),
    })
}

fn first(query: &str, scan: &Scan<'_>) -> Request {
    let mut url = scan.client.base().clone();
    url.set_path(&format!("{}/search/repositories", url.path().trim_end_matches('/')));
    url.query_pairs_mut()
        .append_pair("q", query)
        // The default order is by likeness, which is another on every page.
        .append_pair("sort", "stars")
        .append_pair("per_page", &PER_PAGE.to_string());
    let mut request = Request::get(url);
    request.label = "/search/repositories".to_owned();
    request.resource = "search".to_owned();
    request
}

fn capped(total: u64, remedy: &str) -> Error {
    Error::Capped {
        what: format!("the search finds {total} repositories, and GitHub shows the first {SHOWN}"),
        remedy: remedy.to_owned(),
    }
}
