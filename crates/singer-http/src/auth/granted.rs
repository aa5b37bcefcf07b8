//! What the server grants.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::text;

/// A token and what was said with it. Never shown.
#[derive(Clone)]
#[non_exhaustive]
pub struct Granted {
    /// What signs requests.
    pub token: SecretString,
    /// What asks for the next one, if it is another than before.
    pub refresh_token: Option<SecretString>,
    /// How long it is good for; unknown if not told: then until it is refused.
    pub expires_in: Option<Duration>,
    /// Where the API is; see [`Grant::instances`](crate::Grant::instances).
    pub base: Option<Url>,
}

impl Granted {
    /// A token of which nothing else is known.
    pub fn token(token: SecretString) -> Self {
        Self { token, refresh_token: None, expires_in: None, base: None }
    }
}

impl std::fmt::Debug for Granted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Granted").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Where a JSON answer has what is asked for: JSON pointers. Only the token must be there.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The token.
    pub token: &'static str,
    /// The next refresh token.
    pub refresh_token: &'static str,
    /// How long the token is good for.
    pub lifetime: Lifetime,
    /// Where the API is; see [`Grant::instances`](crate::Grant::instances).
    pub base: &'static str,
}

/// How an answer says how long a token is good for.
#[derive(Clone, Copy, Debug)]
pub enum Lifetime {
    /// Seconds from now, a number or its text.
    Seconds(&'static str),
    /// An RFC 3339 instant.
    Until(&'static str),
    /// It does not say, but it is known.
    Fixed(Duration),
}

impl Fields {
    /// Where OAuth 2.0 has them (RFC 6749 §5.1), and `instance_url` as Salesforce does.
    pub const OAUTH: Self = Self {
        token: "/access_token",
        refresh_token: "/refresh_token",
        lifetime: Lifetime::Seconds("/expires_in"),
        base: "/instance_url",
    };

    fn read(&self, answer: &Value, now: DateTime<Utc>) -> Result<Granted, String> {
        let text = |pointer: &str| answer.pointer(pointer)?.as_str();
        let token = text(self.token);
        let token = token.ok_or_else(|| format!("its answer has no text at `{}`", self.token))?;
        let base = text(self.base).map(Url::parse).transpose();
        Ok(Granted {
            token: token.into(),
            refresh_token: text(self.refresh_token).map(SecretString::from),
            expires_in: self.lifetime.read(answer, now),
            base: base.map_err(|_| format!("its answer has no URL at `{}`", self.base))?,
        })
    }
}

impl Lifetime {
    /// None if it is not told, or makes no sense.
    fn read(self, answer: &Value, now: DateTime<Utc>) -> Option<Duration> {
        let lifetime = match self {
            Self::Seconds(pointer) => match answer.pointer(pointer)? {
                Value::String(text) => Duration::try_from_secs_f64(text.parse().ok()?).ok()?,
                number => Duration::try_from_secs_f64(number.as_f64()?).ok()?,
            },
            Self::Until(pointer) => {
                let at = DateTime::parse_from_rfc3339(answer.pointer(pointer)?.as_str()?).ok()?;
                (at.to_utc() - now).to_std().ok()?
            }
            Self::Fixed(lifetime) => lifetime,
        };
        (lifetime > Duration::ZERO).then_some(lifetime)
    }
}

/// How an answer is read.
pub(super) enum Reader {
    Json(Fields),
    Own(fn(&[u8]) -> Result<Granted, String>),
}

impl Reader {
    /// What a successful answer grants at the server's time `now`, or what it lacks.
    pub(super) fn read(&self, body: &[u8], now: DateTime<Utc>) -> Result<Granted, String> {
        match self {
            Self::Json(fields) => {
                let answer = serde_json::from_slice(body);
                fields.read(&answer.map_err(|_| "its answer is not JSON".to_owned())?, now)
            }
            Self::Own(read) => read(body),
        }
    }
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// A code that can be shown.
    pub(super) code: String,
    /// The same in a sentence, if there is one.
    pub(super) why: Option<String>,
}

impl Refusal {
    pub(super) fn of(code: impl Into<String>) -> Self {
        Self { code: code.into(), why: None }
    }
}

/// The `error` code of a refusal and its description (RFC 6749 §5.2), if there is a code that can be shown.
pub(super) fn refusal(body: &[u8]) -> Option<Refusal> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let code = answer.get("error")?.as_str().filter(|code| is_code(code))?;
    let why = answer.get("error_description").and_then(Value::as_str).map(str::trim);
    let why = why.filter(|why| !why.is_empty() && *why != code).map(text::clean);
    Some(Refusal { code: code.to_owned(), why })
}

/// Whether a text is a code that can be shown.
pub(super) fn is_code(text: &str) -> bool {
    let shown = |c: u8| c.is_ascii_alphanumeric() || b"_-.:".contains(&c);
    (1..=64).contains(&text.len()) && text.bytes().all(shown)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::auth::testing::NOON;

    const APP: Fields =
        Fields { token: "/token", lifetime: Lifetime::Until("/expires_at"), ..Fields::OAUTH };

    fn read(fields: Fields, body: &str) -> Result<Granted, String> {
        Reader::Json(fields).read(body.as_bytes(), NOON.parse().unwrap())
    }

    #[test]
    fn a_lifetime_is_read_in_each_form_and_nonsense_is_no_lifetime() {
        let check = |fields, more: &str, want: Option<u64>| {
            let body = format!(r#"{{"access_token": "a", "token": "a", {more}}}"#);
            let granted = read(fields, &body).unwrap();
            assert_eq!(granted.expires_in, want.map(Duration::from_secs), "{more}");
        };
        check(Fields::OAUTH, r#""expires_in": 3600"#, Some(3600));
        check(Fields::OAUTH, r#""expires_in": "3600""#, Some(3600));
        check(Fields::OAUTH, r#""expires_in": 3600.0"#, Some(3600));
        check(Fields::OAUTH, r#""expires_in": 0"#, None);
        check(Fields::OAUTH, r#""expires_in": -1"#, None);
        check(Fields::OAUTH, r#""expires_in": 1e300"#, None);
        check(Fields::OAUTH, r#""expires_in": "NaN""#, None);
        check(Fields::OAUTH, r#""expires_in": null"#, None);
        check(Fields::OAUTH, r#""x": 1"#, None);
        check(APP, r#""expires_at": "2026-11-24T13:00:00Z""#, Some(3600));
        check(APP, r#""expires_at": "2026-11-24T13:00:00+01:00""#, None);
        check(APP, r#""expires_at": "soon""#, None);
        let fixed = Lifetime::Fixed(Duration::from_secs(900));
        check(Fields { lifetime: fixed, ..APP }, r#""expires_in": 1"#, Some(900));
    }

    #[test]
    fn the_rest_is_read_and_what_is_missing_is_named_without_a_quote() {
        let body =
            r#"{"access_token": "a", "refresh_token": "r", "instance_url": "https://x.example"}"#;
        let granted = read(Fields::OAUTH, body).unwrap();
        assert_eq!(granted.refresh_token.clone().unwrap().expose_secret(), "r");
        assert_eq!(granted.base.clone().unwrap().as_str(), "https://x.example/");
        assert_eq!(format!("{granted:?}"), "Granted { expires_in: None, .. }");
        let check = |body: &str, want: &str| {
            let said = read(Fields::OAUTH, body).unwrap_err();
            assert!(said.contains(want) && !said.contains("sesame"), "{said}");
        };
        check("sesame", "not JSON");
        check(r#"{"token": "sesame"}"#, "`/access_token`");
        check(r#"{"access_token": ["sesame"]}"#, "`/access_token`");
        check(r#"{"access_token": "a", "instance_url": "sesame"}"#, "`/instance_url`");
    }

    #[test]
    fn only_a_refusals_code_is_shown() {
        let check = |body: &str, want: Option<&str>| {
            assert_eq!(refusal(body.as_bytes()).map(|refusal| refusal.code).as_deref(), want);
        };
        let why = |body: &str| refusal(body.as_bytes()).and_then(|refusal| refusal.why);
        let told = r#"{"error": "invalid_grant", "error_description": " audience\nis invalid"}"#;
        assert_eq!(why(told).as_deref(), Some(&*text::clean("audience\nis invalid")));
        assert_eq!(why(r#"{"error": "a", "error_description": "a"}"#), None);
        check(r#"{"error": "invalid_grant", "error_description": "x"}"#, Some("invalid_grant"));
        check(r#"{"error": "a b"}"#, None);
        check(r#"{"error": "\u001b[31m"}"#, None);
        check(r#"{"error": ""}"#, None);
        check(r#"{"error": {"message": "x"}}"#, None);
        check(r#"{"message": "x"}"#, None);
        check("<html>", None);
        check(&format!(r#"{{"error": "{}"}}"#, "x".repeat(65)), None);
    }
}
