//! The seam between the client's policy and whatever carries bytes.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::clock::BoxFuture;
use crate::spec::Deadlines;
use crate::text;

/// Carries one request and hands back the head of the answer with its body unread.
///
/// A transport follows no redirect, decodes no content encoding, keeps no cookies and never retries.
pub trait Transport: Send + Sync {
    /// Sends `request`. Of `deadlines` a transport keeps only `connect`; the client keeps the others.
    ///
    /// # Errors
    /// [`TransportError`] if no complete head of an answer arrived.
    fn send<'a>(
        &'a self,
        request: Outgoing,
        deadlines: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>>;
}

/// A request as it goes out: signed, with every header.
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// All headers but those that the transport itself must add (`host`, `content-length`).
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Bytes>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, text::site(&self.url))
    }
}

/// The head of an answer, and its body still to be read.
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, content encoding untouched.
    pub body: Box<dyn Body>,
}

impl Incoming {
    /// An answer whose body is already here.
    pub fn whole(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: Box::new(Whole(Some(body.into()))) }
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("status", &self.status).finish_non_exhaustive()
    }
}

/// A body that arrives in pieces.
pub trait Body: Send {
    /// The next piece; none after the last.
    ///
    /// # Errors
    /// [`TransportError`] if the body ended before its end, where the framing shows it.
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>>;
}

struct Whole(Option<Bytes>);

impl Body for Whole {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        let chunk = self.0.take();
        Box::pin(std::future::ready(Ok(chunk)))
    }
}

/// An exchange that broke below HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct TransportError {
    /// What kind of break.
    pub kind: Break,
    /// The cause in words, without URLs and safe to print.
    pub cause: String,
}

impl TransportError {
    /// A break of `kind`; `cause` is made safe to print.
    pub fn new(kind: Break, cause: &str) -> Self {
        Self { kind, cause: text::clean(cause) }
    }
}

/// The kinds of break that need different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The name could not be resolved. Nothing was sent.
    Dns,
    /// No connection: refused, unreachable, reset while connecting, or not in time. Nothing was sent.
    Connect,
    /// The server's certificate or the handshake was not acceptable. Nothing was sent.
    Tls,
    /// The proxy refused. Nothing was sent.
    Proxy,
    /// The connection closed before any byte of the answer, as a kept-alive one may.
    Closed,
    /// The connection broke while the answer was awaited or read.
    Reset,
    /// A deadline passed.
    Timeout,
    /// The answer is not HTTP, or the request could not be expressed in it.
    Protocol,
}
