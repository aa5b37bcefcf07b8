//! What a caller asks for.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::classify::MOST_ATTEMPTS;
use crate::text;

/// One request: plain data, unsigned, as often sendable as wanted.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole URL, query included.
    pub url: Url,
    /// Headers beyond the client's own. Credentials do not belong here: the client adds them.
    pub headers: HeaderMap,
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// What the request is called in metrics and messages, such as a path template.
    pub label: String,
    /// The quota pool that it draws from.
    pub resource: String,
    /// Whom it is about, such as an organisation, where that decides which credential may ask.
    pub audience: Option<String>,
    /// Whether sending it twice does no harm. True for [`Request::get`].
    pub repeatable: bool,
    /// Requests for it at most, server-given waits apart: [`MOST_ATTEMPTS`], or fewer where the
    /// caller has something better to try, such as a smaller page.
    pub most_attempts: u32,
    /// Which answers are pages.
    pub expect: Expect,
}

impl Request {
    /// A GET of `url` from the pool `core`, expecting JSON.
    pub fn get(url: Url) -> Self {
        let label = url.path().to_owned();
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
            label,
            resource: "core".to_owned(),
            audience: None,
            repeatable: true,
            most_attempts: MOST_ATTEMPTS,
            expect: Expect::default(),
        }
    }

    /// A POST of `body` to `url`; set `repeatable` if it only reads.
    pub fn post(url: Url, body: impl Into<Bytes>) -> Self {
        let (method, body) = (Method::POST, Some(body.into()));
        Self { method, body, repeatable: false, ..Self::get(url) }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, text::site(&self.url))
    }
}

/// Which answers are pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// Statuses that mean a page without records, such as 204, 304 or 409. Throttling still wins.
    pub empty: Vec<StatusCode>,
    /// Statuses that say that there is no such thing, and may: they are believed at once, where a 404
    /// would else be asked for once more.
    pub absent: Vec<StatusCode>,
    /// What the body of a 200 is.
    pub body: BodyKind,
}

/// What the body of a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON text: checked to be there, not to be HTML, and to begin and end like JSON.
    #[default]
    Json,
    /// A text, but no web page: its type is not `text/html`.
    Text,
    /// Anything, even nothing.
    Any,
}
