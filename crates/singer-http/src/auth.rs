//! Who we are to the API, decided anew each time a request is sent.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::BoxFuture;
use crate::error::Error;

/// Signs requests. Asked for each request and each retry, so that no page goes out with a token
/// that expired while an earlier one was waited for.
///
/// Several credentials are one authenticator that picks; quotas are kept by the label of what it
/// picked.
pub trait Authenticator: Send + Sync {
    /// The signature for a request that is about to be sent; none for anonymous access.
    ///
    /// # Errors
    /// If there is no usable credential, see [`Error::no_credential`].
    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>>;

    /// Whether [`Authenticator::refresh`] can do something about a rejected signature.
    fn can_refresh(&self) -> bool {
        false
    }

    /// Replaces the credential behind `stale`, unless another task has done so meanwhile.
    ///
    /// # Errors
    /// If no new one could be had.
    fn refresh<'a>(&'a self, _stale: &'a Signature) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// What a signature is for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ask<'a> {
    /// The quota pool that the request draws from.
    pub resource: &'a str,
}

impl<'a> Ask<'a> {
    /// A signature for a request that draws from `resource`.
    pub fn of(resource: &'a str) -> Self {
        Self { resource }
    }
}

/// One header that carries a credential.
#[derive(Clone)]
pub struct Signature {
    /// What messages call the credential, such as `env GITHUB_TOKEN`; quotas are kept by it.
    pub credential: Arc<str>,
    pub(crate) header: HeaderName,
    pub(crate) value: HeaderValue,
}

impl Signature {
    /// `value` in `header`, never shown and never cached by the transport.
    pub fn new(credential: Arc<str>, header: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        Self { credential, header, value }
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", self.credential)
    }
}

/// One fixed token in `authorization: Bearer`.
pub struct Bearer {
    label: Arc<str>,
    token: SecretString,
}

impl Bearer {
    /// `label` says where the token came from and is shown; the token never is.
    ///
    /// # Errors
    /// If the token is empty, surrounded by blanks, or has characters that no token has.
    pub fn new(label: &str, token: SecretString) -> Result<Self, Error> {
        check(token.expose_secret()).map_err(|rule| Error::bad_token(label, rule))?;
        Ok(Self { label: label.into(), token })
    }
}

impl Authenticator for Bearer {
    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let value = HeaderValue::try_from(format!("Bearer {}", self.token.expose_secret()));
        let signed = value
            .map(|value| Some(Signature::new(self.label.clone(), header::AUTHORIZATION, value)))
            .map_err(|_| Error::bad_token(&self.label, NOT_PRINTABLE));
        Box::pin(std::future::ready(signed))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bearer({})", self.label)
    }
}

/// No credential at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl Authenticator for Anonymous {
    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

const NOT_PRINTABLE: &str = "a token has printable ASCII characters only, no line breaks";

fn check(token: &str) -> Result<(), &'static str> {
    if token.trim().is_empty() {
        Err("a token must not be empty")
    } else if token.trim() != token {
        Err("a token must not begin or end with blanks or line breaks")
    } else if !token.bytes().all(|b| b.is_ascii_graphic()) {
        Err(NOT_PRINTABLE)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_must_not_be_sent_are_refused_without_being_shown() {
        let check = |token: &str, rule: &str| {
            let error = Bearer::new("env TOKEN", token.into()).unwrap_err();
            assert_eq!((error.id(), error.exit().code()), ("CFG01", 2));
            let text = error.to_string();
            assert!(text.contains(rule) && text.contains("`env TOKEN`"), "{text}");
            assert!(token.trim().is_empty() || !text.contains(token.trim()), "{text}");
        };
        check("", "must not be empty");
        check("  \n", "must not be empty");
        check(" sesame", "must not begin or end");
        check("sesame\n", "must not begin or end");
        check("ses\r\nHost: evil", "printable ASCII");
        check("ses ame", "printable ASCII");
        check("sésame", "printable ASCII");
        check("ses\0ame", "printable ASCII");
    }

    #[tokio::test]
    async fn a_bearer_signature_is_sensitive_and_never_shown() {
        let bearer = Bearer::new("env TOKEN", "sesame".into()).unwrap();
        let signature = bearer.sign(&Ask::of("core")).await.unwrap().unwrap();
        assert_eq!(signature.header, header::AUTHORIZATION);
        assert_eq!(signature.value, "Bearer sesame");
        assert!(signature.value.is_sensitive());
        let shown = format!("{bearer:?} {signature:?} {:?}", signature.value);
        assert!(!shown.contains("sesame"), "{shown}");
        assert!(!bearer.can_refresh());
        assert!(Anonymous.sign(&Ask::of("core")).await.unwrap().is_none());
    }
}
