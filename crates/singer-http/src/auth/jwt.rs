//! JSON web tokens that we sign ourselves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use http::header;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::key::SigningKey;
use super::{Ask, Authenticator, Signature, token};
use crate::clock::BoxFuture;
use crate::env::Env;
use crate::error::Error;

/// Servers refuse a token from their future, and clocks differ by a little.
const BEFORE: chrono::Duration = chrono::Duration::seconds(60);
const LONGEST: Duration = Duration::from_secs(9 * 60);

/// A JSON web token signed by RS256 (RFC 7519), made anew before it expires.
///
/// It is the assertion of [`Grant::jwt_bearer`](crate::Grant::jwt_bearer), signs the request of
/// [`Grant::signed_by`](crate::Grant::signed_by), and is itself an [`Authenticator`] that sends it
/// as a bearer token. `iat` lies a minute before the server's time, `exp` at most 9 minutes after.
pub struct Jwt {
    label: Arc<str>,
    key: SigningKey,
    head: Map<String, Value>,
    claims: Map<String, Value>,
    lifetime: Duration,
    last: Mutex<Option<(DateTime<Utc>, SecretString)>>,
}

impl Jwt {
    /// A token signed with the private key `pem`, in PKCS#8 or PKCS#1, without a claim so far;
    /// `label` is what messages call the key.
    ///
    /// # Errors
    /// If it is no RSA key that can be used.
    pub fn rs256(label: &str, pem: &SecretString) -> Result<Self, Error> {
        let head = [("alg", "RS256"), ("typ", "JWT")];
        Ok(Self {
            label: label.into(),
            key: SigningKey::parse(label, pem)?,
            head: head.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect(),
            claims: Map::new(),
            lifetime: Duration::from_secs(8 * 60),
            last: Mutex::default(),
        })
    }

    /// `iss`: the app that asks.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        self.claim("iss", issuer)
    }

    /// `sub`: the user on whose behalf it asks.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// `aud`: the server that is meant.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        self.claim("aud", audience)
    }

    /// Any other claim.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// `kid` in the head: which of several keys it is.
    #[must_use]
    pub fn key_id(mut self, id: &str) -> Self {
        self.head.insert("kid".to_owned(), id.into());
        self
    }

    /// How long after the server's time it expires: 8 minutes if not told, 9 at most.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        Self { lifetime: lifetime.min(LONGEST), ..self }
    }

    /// The token at the server's time `now`; the same one for half of its life.
    pub(super) fn at(&self, now: DateTime<Utc>, env: &Env) -> Result<SecretString, Error> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, token)) = &*last
            && (now - *made).to_std().is_ok_and(|age| age < self.lifetime / 2)
        {
            return Ok(token.clone());
        }
        let token = self.make(now)?;
        env.secrets.learn(token.expose_secret());
        *last = Some((now, token.clone()));
        Ok(token)
    }

    fn make(&self, now: DateTime<Utc>) -> Result<SecretString, Error> {
        let mut claims = self.claims.clone();
        let expiry = now.timestamp() + i64::try_from(self.lifetime.as_secs()).unwrap_or(0);
        claims.insert("iat".to_owned(), json!((now - BEFORE).timestamp()));
        claims.insert("exp".to_owned(), json!(expiry));
        let part = |map: &Map<String, Value>| URL_SAFE_NO_PAD.encode(json!(map).to_string());
        let text = format!("{}.{}", part(&self.head), part(&claims));
        let cause = "the private key cannot sign";
        let signature =
            self.key.sign(&text).ok_or_else(|| Error::no_credential(&self.label, cause))?;
        Ok(format!("{text}.{signature}").into())
    }
}

impl Authenticator for Jwt {
    fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let value =
            self.at(ask.now, ask.env).and_then(|jwt| token::header(&self.label, "Bearer", &jwt));
        let signed = value.map(|value| Some(Signature::header(header::AUTHORIZATION, value)));
        Box::pin(std::future::ready(signed))
    }

    fn can_refresh(&self) -> bool {
        true
    }

    /// The next one is made by the time that the refusal told.
    fn refresh<'a>(&'a self, _: &'a Signature, _: &'a Ask<'a>) -> BoxFuture<'a, Result<(), Error>> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Box::pin(std::future::ready(Ok(())))
    }
}

impl std::fmt::Debug for Jwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Jwt({})", self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing::{learnt, nowhere, sent};

    const PKCS1: &str = include_str!("../../tests/keys/pkcs1.pem");
    const PKCS8: &str = include_str!("../../tests/keys/pkcs8.pem");
    /// Made by `openssl dgst -sha256 -sign`.
    const MADE_BY_OPENSSL: &str = concat!(
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.",
        "eyJpc3MiOiI0MiIsImlhdCI6MTc5NTUzNTk0MCwiZXhwIjoxNzk1NTM2NDgwfQ.",
        "VsNf2s8yHSskwOubcP5ce7rOuIPX0udZ_AlqlWoyjaqWkzmjceaH_T7k98Dec56dTSUgbeRKVI1J4vKr",
        "a0ub3RdiVEZU4hV8CsjrCb0IKzhvtmRS2mZ9LSzBTOL2wmymUfeqkKT1nscE_XuKoXDyYE7KFIriLd0K",
        "qudIC7AsfVSTO0Jr-IF7ZPGTAZZhR59WkPtZfrYQupO7F6-fui8Rmo2XKV1xhVfECtcxNHsDnprV2f5e",
        "5CvrXvnGW9Gz6hyQJPu-8ln8jQQDhQO_Un5b83AuSwXbxfHyByCvsBGvPSVy9lfQG-8oyijatWiVnAhx",
        "vSzbqRKDUdRWtHtS6I7_IQ",
    );

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().unwrap()
    }

    #[test]
    fn a_token_is_what_openssl_makes_of_either_form_of_the_key() {
        for pem in [PKCS1, PKCS8, &PKCS8.replace('\n', "\\n")] {
            let jwt = Jwt::rs256("private_key", &pem.into()).unwrap().issuer("42");
            let token = jwt.at(at("2026-11-24T16:00:00Z"), &nowhere()).unwrap();
            assert_eq!(token.expose_secret(), MADE_BY_OPENSSL);
            assert_eq!(format!("{jwt:?}"), "Jwt(private_key)");
        }
    }

    #[test]
    fn claims_and_times_are_those_that_are_told_within_what_servers_take() {
        let jwt = Jwt::rs256("private_key", &PKCS8.into()).unwrap();
        let jwt = jwt.subject("me").audience("https://login.example").claim("scope", "api");
        let jwt = jwt.key_id("k1").lifetime(Duration::from_secs(3600));
        let token = jwt.make(at("2026-11-24T16:00:00Z")).unwrap();
        let parts: Vec<_> = token.expose_secret().split('.').collect();
        let read = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        assert_eq!(read(parts[0]), r#"{"alg":"RS256","typ":"JWT","kid":"k1"}"#);
        assert_eq!(
            read(parts[1]),
            r#"{"sub":"me","aud":"https://login.example","scope":"api","iat":1795535940,"exp":1795536540}"#
        );
    }

    #[test]
    fn a_token_is_used_for_half_of_its_life() {
        let jwt = Jwt::rs256("private_key", &PKCS8.into()).unwrap();
        let made = |time| jwt.at(at(time), &nowhere()).unwrap().expose_secret().to_owned();
        let first = made("2026-11-24T16:00:00Z");
        assert_eq!(made("2026-11-24T16:03:59Z"), first);
        let second = made("2026-11-24T16:04:00Z");
        assert_ne!(second, first);
        assert_ne!(made("2026-11-24T16:00:00Z"), second, "the clock was set back");
    }

    #[tokio::test]
    async fn as_a_bearer_token_it_is_told_as_a_secret_first() {
        let jwt = Jwt::rs256("private_key", &PKCS8.into()).unwrap();
        let told = learnt(&jwt).await;
        assert_eq!(sent(&jwt).await.headers["authorization"], format!("Bearer {}", told[0]));
    }
}
