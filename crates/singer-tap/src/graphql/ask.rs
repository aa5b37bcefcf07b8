//! Sending a query until there is an answer that is good for something.

use serde_json::{Map, Value, json};
use singer_http::{Client, Kind, MOST_ATTEMPTS, Request, Url};

use crate::error::Error;
use crate::refusal::{Refusal, Refused};

use super::answer::{Answer, Troubles, Verdict};
use super::place::Trail;
use super::query::Query;
use super::quota;
use super::size::Size;

/// How often an answer that cannot be read, or a page that the API cannot answer in its smallest
/// size, is asked for.
const ATTEMPTS: u32 = 3;
/// How often the API may say that its limit is used up: the client waits as headers tell.
const WAITS: u32 = 5;
/// How often a request is sent before less is asked for.
const BEFORE_LESS: u32 = 2;

/// Asks one query, for page after page.
#[derive(Debug)]
pub(super) struct Asker<'a> {
    client: &'a Client,
    text: &'static str,
    url: Url,
    label: String,
    resource: &'static str,
    audience: Option<&'a str>,
    quota_at: Option<&'static str>,
    trail: Trail,
    size: Size<'a>,
}

/// What to do where the API finds a query too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooMuch {
    /// Ask for smaller pages.
    Shrink,
    /// Give up at once: the caller can ask for less.
    GiveUp,
}

/// What happened while one page was asked for.
#[derive(Debug, Default)]
struct Tries {
    unread: u32,
    waits: u32,
    smallest: u32,
}

impl<'a> Asker<'a> {
    /// An asker of a query's own text.
    pub(super) fn new(query: &'a Query, client: &'a Client) -> Asker<'a> {
        let trail = Trail::of(query.at, query.shape, query.parents);
        Asker::of(query, client, query.text, trail)
    }

    /// An asker of another text that belongs to a query.
    pub(super) fn of(
        query: &'a Query,
        client: &'a Client,
        text: &'static str,
        trail: Trail,
    ) -> Asker<'a> {
        let url = query.url(client.base());
        let label = format!("{} {}", url.path(), operation(text)).trim_end().to_owned();
        let sizes = if query.shape.rows().is_some() { &query.sizes[..] } else { &[] };
        let Query { resource, quota_at, .. } = *query;
        Asker {
            client,
            text,
            url,
            label,
            resource,
            audience: None,
            quota_at,
            trail,
            size: Size::new(sizes),
        }
    }

    /// The same for requests that are about somebody.
    pub(super) fn about(self, audience: Option<&'a str>) -> Asker<'a> {
        Asker { audience, ..self }
    }

    /// The same with page sizes of its own.
    pub(super) fn with_sizes(self, sizes: &'a [u32]) -> Asker<'a> {
        Asker { size: Size::new(sizes), ..self }
    }

    /// What messages call the query.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// The answer to the query with these variables, and the errors that are of parts of it.
    ///
    /// # Errors
    /// [`Refused::Heavy`] if it is too much for the API, with the smallest pages too or where the
    /// caller can do with less. Else what the client, or the API in its answer, says.
    pub(super) async fn ask(
        &mut self,
        variables: &Map<String, Value>,
        too_much: TooMuch,
    ) -> Result<(Answer, Troubles), Error> {
        let mut tries = Tries::default();
        loop {
            let response = match self.client.send(&self.request(variables, too_much)).await {
                Ok(response) => response,
                Err(error) => match weight(&error) {
                    Some(cause) if self.can_do_with_less(too_much) => {
                        self.less(&Refused::Heavy.because(cause), too_much)?;
                        continue;
                    }
                    Some(cause) if self.size.has_shrunk() => {
                        return Err(Refused::Heavy.because(cause).into());
                    }
                    _ => return Err(error.into()),
                },
            };
            let answer = match Answer::read(response) {
                Ok(answer) => answer,
                Err(what) => {
                    tries.unread =
                        self.again(tries.unread, ATTEMPTS, || Error::Body { what }).await?;
                    continue;
                }
            };
            if let Some(at) = self.quota_at {
                quota::book(self.client, &answer, at);
            }
            match answer.judge(&self.trail) {
                Verdict::Take(troubles) => return Ok((answer, troubles)),
                Verdict::Fail(refusal) => return Err(refusal.into()),
                Verdict::Wait(refusal) => {
                    tries.waits = self.again(tries.waits, WAITS, || refusal.into()).await?;
                }
                Verdict::Smaller(refusal, _) if self.can_do_with_less(too_much) => {
                    self.less(&refusal, too_much)?;
                }
                Verdict::Smaller(_, Some(troubles)) if tries.smallest + 1 >= ATTEMPTS => {
                    return Ok((answer, troubles));
                }
                Verdict::Smaller(refusal, _) => {
                    tries.smallest =
                        self.again(tries.smallest, ATTEMPTS, || refusal.into()).await?;
                }
            }
        }
    }

    fn request(&self, variables: &Map<String, Value>, too_much: TooMuch) -> Request {
        let mut variables = variables.clone();
        if let Some(size) = self.size.now() {
            variables.insert("first".to_owned(), size.into());
        }
        let body = json!({"query": self.text, "variables": variables}).to_string();
        let mut request = Request::post(self.url.clone(), body);
        request.headers.insert(http::header::CONTENT_TYPE, JSON);
        request.label.clone_from(&self.label);
        self.resource.clone_into(&mut request.resource);
        request.audience = self.audience.map(str::to_owned);
        request.repeatable = true;
        let can_wait = !self.can_do_with_less(too_much);
        request.most_attempts = if can_wait { MOST_ATTEMPTS } else { BEFORE_LESS };
        request
    }

    fn can_do_with_less(&self, too_much: TooMuch) -> bool {
        too_much == TooMuch::GiveUp || self.size.can_shrink()
    }

    /// Goes on with smaller pages, or not at all if the caller wants to know.
    fn less(&mut self, refusal: &Refusal, too_much: TooMuch) -> Result<(), Error> {
        if too_much == TooMuch::GiveUp {
            return Err(Refused::Heavy.because(&refusal.cause).into());
        }
        self.size.shrink();
        tracing::warn!(
            "[GQL03] `{}` is too much for the API ({}); going on with pages of {}",
            self.label,
            refusal.cause,
            self.size.now().unwrap_or_default(),
        );
        Ok(())
    }

    /// Waits before the same is asked again, unless it was asked often enough.
    async fn again(
        &self,
        attempt: u32,
        most: u32,
        error: impl FnOnce() -> Error,
    ) -> Result<u32, Error> {
        if attempt + 1 >= most {
            return Err(error());
        }
        self.client.backoff(attempt).await;
        Ok(attempt + 1)
    }
}

const JSON: http::HeaderValue = http::HeaderValue::from_static("application/json");

/// Why a failed request may have asked for too much; none if it did not fail for that.
fn weight(error: &singer_http::Error) -> Option<String> {
    match error.kind() {
        Kind::TimedOut(cause) | Kind::Dropped(cause) => Some(cause.clone()),
        Kind::TooLarge(_) => Some("its answer is too large".to_owned()),
        _ if error.may_be_too_big() => {
            error.status().map(|status| format!("status {}", status.as_u16()))
        }
        _ => None,
    }
}

/// The name of the operation in a query's text; empty if it has none.
fn operation(text: &str) -> &str {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let name = text.trim_start().strip_prefix("query").unwrap_or_default().trim_start();
    &name[..name.find(|letter| !is_name(letter)).unwrap_or(name.len())]
}

#[cfg(test)]
mod tests {
    use super::operation;

    #[test]
    fn a_query_is_called_by_its_operation() {
        for (text, name) in [
            ("query Reviews($id: ID!) { a }", "Reviews"),
            ("\n  query Reviews { a }", "Reviews"),
            ("query { a }", ""),
            ("query($id: ID!) { a }", ""),
            ("{ a }", ""),
        ] {
            assert_eq!(operation(text), name, "{text}");
        }
    }
}
