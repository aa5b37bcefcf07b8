//! A fixed key in a header or a query parameter of the API's choice.

use std::sync::Arc;

use http::HeaderName;
use secrecy::SecretString;

use super::{Ask, Authenticator, Signature, token};
use crate::clock::BoxFuture;
use crate::error::Error;

/// One fixed key, sent as the API wants it.
pub struct ApiKey {
    label: Arc<str>,
    signature: Signature,
}

impl ApiKey {
    /// `key` in the header `name`; `label` says where the key came from and is shown.
    ///
    /// # Errors
    /// If the key cannot be a header's value, see [`Bearer::new`](crate::Bearer::new).
    pub fn in_header(label: &str, name: HeaderName, key: SecretString) -> Result<Self, Error> {
        Self::with_scheme(label, name, "", key)
    }

    /// `key` after the word `scheme` in the header `name`, such as `authorization: token KEY`.
    ///
    /// # Errors
    /// If the key cannot be a header's value, see [`Bearer::new`](crate::Bearer::new).
    pub fn with_scheme(
        label: &str,
        name: HeaderName,
        scheme: &str,
        key: SecretString,
    ) -> Result<Self, Error> {
        let value = token::header(label, scheme, &token::checked(label, key)?)?;
        Ok(Self { label: label.into(), signature: Signature::header(name, value) })
    }

    /// `key` in the query parameter `name`. No message shows a URL's query.
    ///
    /// # Errors
    /// If the key breaks the rules of tokens, see [`Bearer::new`](crate::Bearer::new).
    pub fn in_query(label: &str, name: &str, key: SecretString) -> Result<Self, Error> {
        let signature = Signature::query(name.to_owned(), token::checked(label, key)?);
        Ok(Self { label: label.into(), signature })
    }
}

impl Authenticator for ApiKey {
    fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        Box::pin(std::future::ready(Ok(Some(self.signature.clone()))))
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ApiKey({})", self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing::sent;

    #[tokio::test]
    async fn a_key_stands_where_the_api_wants_it_and_is_never_shown() {
        let name = || HeaderName::from_static("x-api-key");
        let key = ApiKey::in_header("api_key", name(), "sesame".into()).unwrap();
        assert_eq!(sent(&key).await.headers["x-api-key"], "sesame");
        assert_eq!(format!("{key:?}"), "ApiKey(api_key)");
        let key = ApiKey::with_scheme("api_key", name(), "Key", "sesame".into()).unwrap();
        assert_eq!(sent(&key).await.headers["x-api-key"], "Key sesame");
        let key = ApiKey::in_query("api_key", "key", "ses&me".into()).unwrap();
        assert_eq!(sent(&key).await.url.query(), Some("key=ses%26me"));
        let refused = ApiKey::in_query("api_key", "key", "ses ame".into()).unwrap_err();
        assert_eq!(refused.id(), "CFG01");
        assert!(ApiKey::in_header("api_key", name(), "ses\name".into()).is_err());
    }
}
