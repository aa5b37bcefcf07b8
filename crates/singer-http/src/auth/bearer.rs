//! A fixed token.

use std::sync::Arc;

use http::header;
use secrecy::SecretString;

use super::{Ask, Authenticator, Signature, token};
use crate::clock::BoxFuture;
use crate::error::Error;

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
        Ok(Self { label: label.into(), token: token::checked(label, token)? })
    }
}

impl Authenticator for Bearer {
    fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let value = token::header(&self.label, "Bearer", &self.token);
        let signed = value.map(|value| Some(Signature::header(header::AUTHORIZATION, value)));
        Box::pin(std::future::ready(signed))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bearer({})", self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_is_never_shown() {
        let bearer = Bearer::new("env TOKEN", "sesame".into()).unwrap();
        assert_eq!(format!("{bearer:?}"), "Bearer(env TOKEN)");
        assert_eq!(Bearer::new("env TOKEN", "ses ame".into()).unwrap_err().id(), "CFG01");
        assert!(!bearer.can_refresh());
    }
}
