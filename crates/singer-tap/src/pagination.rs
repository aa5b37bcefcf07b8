//! The ways in which APIs page through a list.

use serde_json::Value;
use singer_http::Request;
use url::Url;

use crate::error::Error;
use crate::page::{Next, Page, Paginator};

/// One page only.
#[derive(Clone, Copy, Debug, Default)]
pub struct SinglePage;

impl Paginator for SinglePage {
    fn next(&self, _: &Request, _: &Page<'_>) -> Result<Next, Error> {
        Ok(Next::Done)
    }
}

/// A `Link` header with `rel="next"` (RFC 8288); a page without one is the last.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkHeader;

impl Paginator for LinkHeader {
    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        Ok(page.response.link("next")?.map_or(Next::Done, |link| at(request, link)))
    }
}

/// For ascending lists whose pages have numbers: while a `Link` header says that there is more, the
/// next page begins at the last replication key.
///
/// A record that changes while such a list is read leaves its place and moves the ones behind it up
/// by one, across the end of a page that was read; numbers would miss one. Beginning again at the
/// key reads the records of that key twice and misses none. Only within a tie that is larger than a
/// page, where the key does not move, and in a list that breaks its order, the link is followed.
#[derive(Clone, Copy, Debug)]
pub struct Keyset {
    /// The query parameter that takes the key; records at or after it are listed.
    pub param: &'static str,
}

impl Paginator for Keyset {
    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        let Some(link) = page.response.link("next")? else { return Ok(Next::Done) };
        let here = param(request, self.param);
        match page.last_cursor.map(ToString::to_string) {
            Some(last) if here.as_ref() != Some(&last) => {
                Ok(with_param(page.first, self.param, &last))
            }
            _ => Ok(at(request, link)),
        }
    }
}

/// The URL of the next page stands in the body, absolute or relative; null or empty at the end.
#[derive(Clone, Debug)]
pub struct NextUrl(
    /// Where, as a JSON pointer.
    pub &'static str,
);

impl Paginator for NextUrl {
    fn needs(&self) -> Vec<String> {
        vec![self.0.to_owned()]
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        match text_at(self.0, page)? {
            Some(link) => Ok(at(request, page.response.resolve(&link)?)),
            None => Ok(Next::Done),
        }
    }
}

/// A cursor in the body goes into a query parameter; null or empty at the end.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// Where the cursor stands in the body, as a JSON pointer.
    pub at: &'static str,
    /// The query parameter that takes it.
    pub param: &'static str,
}

impl Paginator for Cursor {
    fn needs(&self) -> Vec<String> {
        vec![self.at.to_owned()]
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        Ok(match text_at(self.at, page)? {
            Some(cursor) => with_param(request, self.param, &cursor),
            None => Next::Done,
        })
    }
}

/// The last record's key goes into a query parameter, while a flag in the body says there is more.
#[derive(Clone, Debug)]
pub struct LastId {
    /// Where the flag stands in the body, as a JSON pointer.
    pub has_more: &'static str,
    /// The query parameter that takes the key.
    pub param: &'static str,
}

impl Paginator for LastId {
    fn needs(&self) -> Vec<String> {
        vec![self.has_more.to_owned()]
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        match page.needed.first() {
            Some(Some(Value::Bool(false))) => Ok(Next::Done),
            Some(Some(Value::Bool(true))) => {
                let id = page.last_key.and_then(|key| crate::template::scalar_text(key.first()));
                let id = id.ok_or_else(|| Error::Page {
                    what: format!(
                        "`{}` says that there is more, but the page holds no record to go on from",
                        self.has_more
                    ),
                })?;
                Ok(with_param(request, self.param, &id))
            }
            other => Err(missing(self.has_more, other, "a boolean")),
        }
    }
}

/// For lists in ascending order of the replication key and, where it is the same, of the id: a page
/// begins after the last record of the one before, by both, so that a tie of any size is read and
/// nothing that changes meanwhile is missed. A page that is not full is the last.
#[derive(Clone, Debug)]
pub struct CursorAndId {
    /// The query parameter that takes the replication key.
    pub cursor: &'static str,
    /// The query parameter that takes the id; without it, the key itself is included.
    pub id: &'static str,
    /// The query parameter of the page size.
    pub limit_param: &'static str,
    /// Records a page.
    pub limit: u64,
}

impl Paginator for CursorAndId {
    fn begin(&self, request: &mut Request) {
        set_param(request, self.limit_param, &self.limit.to_string());
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        if page.records < self.limit {
            return Ok(Next::Done);
        }
        let id = page.last_key.and_then(|key| crate::template::scalar_text(key.first()));
        let (Some(cursor), Some(id)) = (page.last_cursor, id) else {
            let what = "a full page does not end in its highest replication key with an id";
            return Err(Error::Page { what: what.to_owned() });
        };
        let mut next = request.clone();
        set_param(&mut next, self.cursor, &cursor.to_string());
        set_param(&mut next, self.id, &id);
        Ok(Next::Request(Box::new(next)))
    }
}

/// Pages have numbers; a page that is not full is the last.
#[derive(Clone, Debug)]
pub struct PageNumber {
    /// The query parameter of the number.
    pub param: &'static str,
    /// The number of the first page.
    pub first: u64,
    /// The query parameter of the page size.
    pub size_param: &'static str,
    /// Records a page.
    pub size: u64,
}

impl Paginator for PageNumber {
    fn begin(&self, request: &mut Request) {
        set_param(request, self.size_param, &self.size.to_string());
        set_param(request, self.param, &self.first.to_string());
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        step(request, page, self.param, self.size, 1)
    }
}

/// An offset counts records; a page that is not full is the last.
#[derive(Clone, Debug)]
pub struct Offset {
    /// The query parameter of the offset.
    pub param: &'static str,
    /// The query parameter of the page size.
    pub limit_param: &'static str,
    /// Records a page.
    pub limit: u64,
}

impl Paginator for Offset {
    fn begin(&self, request: &mut Request) {
        set_param(request, self.limit_param, &self.limit.to_string());
        set_param(request, self.param, "0");
    }

    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error> {
        step(request, page, self.param, self.limit, page.records)
    }
}

/// The request whose number is `by` higher, unless the page was not full.
fn step(
    request: &Request,
    page: &Page<'_>,
    param: &str,
    size: u64,
    by: u64,
) -> Result<Next, Error> {
    if page.records < size {
        return Ok(Next::Done);
    }
    let number = self::param(request, param)
        .and_then(|text| text.parse::<u64>().ok())
        .ok_or_else(|| Error::Bug { what: format!("the request has no number in `{param}`") })?;
    Ok(with_param(request, param, &(number + by).to_string()))
}

/// The same request at another URL, which [`singer_http::Response`] has guarded.
fn at(request: &Request, url: Url) -> Next {
    Next::Request(Box::new(Request { url, ..request.clone() }))
}

/// The value of a query parameter.
fn param(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn with_param(request: &Request, name: &str, value: &str) -> Next {
    let mut next = request.clone();
    set_param(&mut next, name, value);
    Next::Request(Box::new(next))
}

/// Sets one query parameter, keeping the others in their order.
pub(crate) fn set_param(request: &mut Request, name: &str, value: &str) {
    let others: Vec<(String, String)> = request
        .url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    request.url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
}

/// The text at the first declared pointer; `None` where it is null or empty, an error where it is
/// missing.
fn text_at(pointer: &str, page: &Page<'_>) -> Result<Option<String>, Error> {
    match page.needed.first() {
        Some(Some(Value::Null)) => Ok(None),
        Some(Some(Value::String(text))) if text.is_empty() => Ok(None),
        Some(Some(value @ (Value::String(_) | Value::Number(_)))) => {
            Ok(crate::template::scalar_text(Some(value)))
        }
        other => Err(missing(pointer, other, "a cursor or null")),
    }
}

fn missing(pointer: &str, found: Option<&Option<Value>>, expected: &str) -> Error {
    let found = match found {
        Some(Some(_)) => "something else",
        _ => "nothing",
    };
    Error::Page {
        what: format!("the page must hold {expected} at `{pointer}`, but holds {found} there"),
    }
}

#[cfg(test)]
mod tests;
