//! User and password.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use secrecy::{ExposeSecret, SecretString};

use super::{Ask, Authenticator, Signature, token};
use crate::clock::BoxFuture;
use crate::error::Error;

/// `authorization: Basic`, as RFC 7617 has it, in UTF-8.
pub struct Basic {
    label: Arc<str>,
    encoded: SecretString,
    told: AtomicBool,
}

impl Basic {
    /// `user` and `password`; either may be empty, as APIs that take a key for one of them want it.
    ///
    /// # Errors
    /// If one has control characters, or the user a colon.
    pub fn new(label: &str, user: &str, password: &SecretString) -> Result<Self, Error> {
        let password = password.expose_secret();
        if user.chars().chain(password.chars()).any(char::is_control) {
            return Err(Error::bad_token(
                label,
                "control characters are not allowed in user or password",
            ));
        }
        if user.contains(':') {
            return Err(Error::bad_token(label, "a user's name has no colon"));
        }
        let encoded = encoded(user, password);
        Ok(Self { label: label.into(), encoded, told: AtomicBool::new(false) })
    }
}

/// What stands after `Basic `.
pub(super) fn encoded(user: &str, password: &str) -> SecretString {
    STANDARD.encode(format!("{user}:{password}")).into()
}

impl Authenticator for Basic {
    fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        if !self.told.swap(true, SeqCst) {
            ask.env.secrets.learn(self.encoded.expose_secret());
        }
        let value = token::header(&self.label, "Basic", &self.encoded);
        let signed = value.map(|value| Some(Signature::header(header::AUTHORIZATION, value)));
        Box::pin(std::future::ready(signed))
    }
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Basic({})", self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing::{learnt, sent};

    #[tokio::test]
    async fn user_and_password_are_encoded_and_their_code_is_a_secret_too() {
        let check = async |user: &str, password: &str, want: &str| {
            let basic = Basic::new("login", user, &password.into()).unwrap();
            assert_eq!(learnt(&basic).await, [want]);
            let header = sent(&basic).await.headers["authorization"].clone();
            assert_eq!(header, format!("Basic {want}"));
            assert_eq!(format!("{basic:?}"), "Basic(login)");
        };
        check("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==").await;
        check("test", "123\u{a3}", "dGVzdDoxMjPCow==").await;
        check("sk_key", "", "c2tfa2V5Og==").await;
        check("", "a:b", "OmE6Yg==").await;
    }

    #[test]
    fn what_would_be_read_as_something_else_is_refused() {
        for (user, password) in [("a:b", "x"), ("a\n", "x"), ("a", "x\r")] {
            let error = Basic::new("login", user, &password.into()).unwrap_err();
            assert_eq!(error.id(), "CFG01");
        }
    }
}
