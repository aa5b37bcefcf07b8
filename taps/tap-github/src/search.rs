//! The pages of GitHub's search, which shows no more than its first results.

use serde_json::Value;
use singer_http::Request;
use singer_tap::{Error, LinkHeader, Next, Page, Paginator};

/// Source: <https://docs.github.com/en/rest/search/search#about-search>.
const SHOWN: u64 = 1_000;

/// Pages of a search. One that finds more than is shown, or that GitHub gave up on, is an error:
/// what is missing could not be told from what is not there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SearchPages;

impl Paginator for SearchPages {
    fn needs(&self) -> Vec<String> {
        vec!["/total_count".to_owned(), "/incomplete_results".to_owned()]
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        let [total, incomplete] = page.needed else {
            return Err(Error::Bug { what: "a search page comes without its counts".to_owned() });
        };
        if *incomplete == Some(Value::Bool(true)) {
            return Err(capped(
                "GitHub ran out of time, and its results are incomplete".to_owned(),
            ));
        }
        match total.as_ref().and_then(Value::as_u64) {
            Some(total) if total > SHOWN => Err(capped(format!(
                "the search finds {total} repositories, and GitHub shows the first {SHOWN}"
            ))),
            Some(_) => LinkHeader.next(request, page),
            None => Err(Error::Page {
                what: "a search page must hold a number at `/total_count`".to_owned(),
            }),
        }
    }
}

fn capped(what: String) -> Error {
    Error::Capped { what, remedy: "narrow its query, for instance by `created:`".to_owned() }
}
