//! What a caller gets.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::error::Error;
use crate::link;
use crate::origin::Origins;
use crate::spares::Spares;
use crate::text;

/// A complete answer that is a page, or an empty page that the request said it expects.
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The decoded body.
    pub body: Vec<u8>,
    /// Where the answer came from, after redirects: relative links resolve against it.
    pub url: Url,
    /// The server's clock when it answered, if it told.
    pub date: Option<DateTime<Utc>>,
    /// Whether the status is one that the request declared as a page without records.
    pub empty: bool,
    pub(crate) paid: Paid,
    pub(crate) origins: Origins,
    pub(crate) spares: Spares,
}

/// What an answer was counted against.
#[derive(Clone, Debug)]
pub(crate) struct Paid {
    pub(crate) identity: Arc<str>,
    pub(crate) resource: String,
}

impl Paid {
    pub(crate) fn new(identity: Arc<str>, resource: &str) -> Self {
        Self { identity, resource: resource.to_owned() }
    }
}

impl Response {
    /// The target of the `Link` header with this relation (`next`, `last`), resolved and guarded.
    ///
    /// # Errors
    /// If the header is malformed, or leads to an origin that the client may not talk to.
    pub fn link(&self, relation: &str) -> Result<Option<Url>, Error> {
        let target = link::find(&self.headers, relation)
            .map_err(|rule| Error::broken_link(&self.url, rule))?;
        target.map(|target| self.resolve(&target)).transpose()
    }

    /// `link` from the body or a header, resolved against the answer's URL and guarded.
    ///
    /// # Errors
    /// If it is no URL, or leads to an origin that the client may not talk to.
    pub fn resolve(&self, link: &str) -> Result<Url, Error> {
        self.origins.resolve_next(&self.url, link)
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        self.spares.give(std::mem::take(&mut self.body));
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes)", self.status, text::site(&self.url), self.body.len())
    }
}
