//! What makes a request ours.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::transport::Outgoing;

/// Headers or query parameters that carry a credential. Never shown.
#[derive(Clone, Default)]
pub struct Signature {
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<(Cow<'static, str>, SecretString)>,
    edition: u64,
}

impl Signature {
    /// `value` in the header `name`.
    pub fn header(name: HeaderName, value: HeaderValue) -> Self {
        Self::default().and_header(name, value)
    }

    /// `value` in the query parameter `name`. It is added when the request is sent: neither
    /// messages nor the URL of the answer know it.
    pub fn query(name: impl Into<Cow<'static, str>>, value: SecretString) -> Self {
        Self { query: vec![(name.into(), value)], ..Self::default() }
    }

    /// With one more header.
    #[must_use]
    pub fn and_header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.headers.push((name, value));
        self
    }

    /// Numbers what the signature is made of, for a credential that can be replaced.
    #[must_use]
    pub fn of_edition(self, edition: u64) -> Self {
        Self { edition, ..self }
    }

    /// The number given by [`Signature::of_edition`], else 0.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Signs a request; whatever it has under the same names gives way.
    pub(crate) fn apply(&self, outgoing: &mut Outgoing) {
        for (name, value) in &self.headers {
            outgoing.headers.insert(name, value.clone());
        }
        for (name, value) in &self.query {
            replace(&mut outgoing.url, name, value.expose_secret());
        }
    }
}

/// Sets a parameter, which a link of the API may already have.
fn replace(url: &mut Url, name: &str, value: &str) {
    let kept: Vec<_> = url.query_pairs().filter(|(key, _)| key != name).collect();
    let kept: Vec<_> = kept.into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    if kept.len() < url.query_pairs().count() {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    url.query_pairs_mut().append_pair(name, value);
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers = self.headers.iter().map(|(name, _)| name.as_str());
        let names: Vec<_> = headers.chain(self.query.iter().map(|(name, _)| &**name)).collect();
        write!(f, "Signature({})", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, Method, header};

    fn signed(signature: &Signature, url: &str) -> Outgoing {
        let (method, headers) = (Method::GET, HeaderMap::new());
        let url = Url::parse(url).unwrap();
        let mut outgoing = Outgoing { method, url, headers, body: None };
        signature.apply(&mut outgoing);
        outgoing
    }

    #[test]
    fn a_parameter_is_set_once_and_the_others_stay_as_they_are() {
        let signature = Signature::query("api_key", "se=same".into());
        let check = |url: &str, want: &str| assert_eq!(signed(&signature, url).url.as_str(), want);
        check("https://a.example/x", "https://a.example/x?api_key=se%3Dsame");
        check("https://a.example/x?q=a%20b", "https://a.example/x?q=a%20b&api_key=se%3Dsame");
        check("https://a.example/?api_key=old&q=1", "https://a.example/?q=1&api_key=se%3Dsame");
        assert_eq!(format!("{signature:?}"), "Signature(api_key)");
    }

    #[test]
    fn headers_are_sensitive_whoever_made_them() {
        let secret = HeaderValue::from_static("sesame");
        let signature = Signature::header(header::AUTHORIZATION, secret.clone())
            .and_header(HeaderName::from_static("x-session"), secret);
        let outgoing = signed(&signature, "https://a.example/x");
        assert!(outgoing.headers.values().all(HeaderValue::is_sensitive));
        assert_eq!(outgoing.headers.len(), 2);
        let shown = format!("{signature:?} {:?}", outgoing.headers);
        assert!(shown.contains("x-session") && !shown.contains("sesame"), "{shown}");
    }
}
