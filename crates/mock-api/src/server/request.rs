//! A parsed request.

use std::borrow::Cow;

use url::form_urlencoded;

use crate::base64;

/// The most headers a request may have.
const MAX_HEADERS: usize = 100;

/// One HTTP request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The decoded query, in order.
    pub query: Vec<(String, String)>,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The path before `path` under which the API is, such as `/api/v3`.
    pub base: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request of a method and a target (path and query), without headers.
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            path: path.to_owned(),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            ..Self::default()
        }
    }

    /// Reads a head; `Ok(None)` while it is not complete, else the request and the head's length.
    pub(crate) fn parse_head(bytes: &[u8]) -> Result<Option<(Self, usize)>, httparse::Error> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = parsed.parse(bytes)? else { return Ok(None) };
        let mut request =
            Self::new(parsed.method.unwrap_or_default(), parsed.path.unwrap_or_default());
        request.headers = parsed
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).into_owned();
                (header.name.to_ascii_lowercase(), value)
            })
            .collect();
        Ok(Some((request, length)))
    }

    /// The first header of that name (in lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The last query parameter of that name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter as a number; `None` if it is absent or no number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.param(name)?.parse().ok()
    }

    /// The address under which the client reached the API.
    pub fn origin(&self) -> String {
        format!("http://{}{}", self.header("host").unwrap_or("127.0.0.1"), self.base)
    }

    /// The request as the API under a path sees it; `None` for one that is not under it.
    ///
    /// Beside REST under `/api/v3`, GraphQL is under `/api`, as enterprises have it.
    pub(crate) fn under(&self, base: &str) -> Option<Self> {
        let mut request = self.clone();
        let beside = base.rsplit_once('/').map_or("", |(beside, _)| beside);
        if base.is_empty() || self.path == format!("{beside}/graphql") {
            return Some(request);
        }
        let path =
            self.path.strip_prefix(base).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        request.path = path.to_owned();
        request.target = self.target[base.len()..].to_owned();
        request.base = base.to_owned();
        Some(request)
    }

    /// The credential that was sent: the token without its scheme, or the user's name, or empty.
    pub fn credential(&self) -> Cow<'_, str> {
        let value = self.header("authorization").unwrap_or_default();
        match value.split_once(' ') {
            Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => {
                user(pair.trim()).unwrap_or_default().into()
            }
            Some((_, token)) => token.trim().into(),
            None => value.into(),
        }
    }

    pub(crate) fn content_length(&self) -> usize {
        self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn wants_gzip(&self) -> bool {
        let accepted = self.header("accept-encoding").unwrap_or_default();
        accepted.split(',').any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            coding.trim().eq_ignore_ascii_case("gzip")
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    }

    pub(crate) fn wants_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// The user's name of Basic credentials (RFC 7617).
fn user(pair: &str) -> Option<String> {
    let pair = base64::decode(&pair.replace('+', "-").replace('/', "_"))?;
    let pair = String::from_utf8(pair).ok()?;
    Some(pair.split_once(':')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_only_when_it_is_complete() {
        let head = b"GET /a/b?page=2&q=x%20y HTTP/1.1\r\nHost: h:1\r\nAuthorization: token abc\r\n\r\nrest";
        assert!(Request::parse_head(&head[..40]).unwrap().is_none());
        let (request, length) = Request::parse_head(head).unwrap().unwrap();
        assert_eq!(length, head.len() - 4);
        assert_eq!(request.path, "/a/b");
        assert_eq!(request.param("q"), Some("x y"));
        assert_eq!(request.number("page"), Some(2));
        assert_eq!(request.origin(), "http://h:1");
        assert_eq!(request.credential(), "abc");
    }

    #[test]
    fn a_credential_is_a_token_or_the_name_of_a_user() {
        for (header, credential) in [
            ("Bearer sk_1", "sk_1"),
            ("token abc", "abc"),
            ("sk_1", "sk_1"),
            ("Basic c2tfMTo=", "sk_1"),
            ("basic w7/vv78+Og==", "\u{ff}\u{ffff}>"),
            ("Basic c2tfMQ==", ""),
            ("Basic !", ""),
        ] {
            let mut request = Request::new("GET", "/");
            request.headers.push(("authorization".into(), header.into()));
            assert_eq!(request.credential(), credential, "{header}");
        }
    }

    #[test]
    fn gzip_is_used_only_when_it_is_accepted() {
        for (accepted, wanted) in
            [("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0, identity", false), ("br", false)]
        {
            let mut request = Request::new("GET", "/");
            request.headers.push(("accept-encoding".into(), accepted.into()));
            assert_eq!(request.wants_gzip(), wanted, "{accepted}");
        }
    }
}
