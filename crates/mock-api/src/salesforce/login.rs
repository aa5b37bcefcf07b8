//! The token endpoint: four ways to log in.

use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::options::SalesforceOptions;
use super::session::{ORGANIZATION, Sessions, USER};
use crate::base64;
use crate::key::Key;
use crate::server::{Answer, Request};

/// The most seconds for which an assertion may be valid from now on.
const LONGEST: u64 = 300;

const JWT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Why nobody is logged in: an error of OAuth, and what is wrong.
type Refusal = (&'static str, &'static str);

const NOT_AUTHENTIC: Refusal = ("invalid_grant", "authentication failure");

/// Who is accepted.
#[derive(Debug)]
pub(super) struct Credentials {
    client_id: Option<String>,
    client_secret: Option<String>,
    username: Option<String>,
    password: Option<String>,
    /// With what assertions must be signed; `None`: with anything.
    pub(super) key: Option<Key>,
}

impl Credentials {
    pub(super) fn new(options: &SalesforceOptions, key: Option<Key>) -> Self {
        Self {
            client_id: options.client_id.clone(),
            client_secret: options.client_secret.clone(),
            username: options.username.clone(),
            password: options.password.clone(),
            key,
        }
    }

    /// Whether a user has that password, with the security token at its end.
    pub(super) fn is_user(&self, username: &str, password: &str) -> bool {
        accepts(self.username.as_deref(), username) && accepts(self.password.as_deref(), password)
    }

    fn client(&self, form: &Form) -> Result<(), Refusal> {
        if !accepts(self.client_id.as_deref(), form.get("client_id")) {
            return Err(("invalid_client_id", "client identifier invalid"));
        }
        if !accepts(self.client_secret.as_deref(), form.get("client_secret")) {
            return Err(("invalid_client", "invalid client credentials"));
        }
        Ok(())
    }

    fn assertion(&self, assertion: &str, now: u64) -> Result<(), Refusal> {
        const UNREADABLE: Refusal = ("invalid_grant", "invalid assertion");
        let parts: Vec<&str> = assertion.split('.').collect();
        let [head, claims, signature] = parts[..] else { return Err(UNREADABLE) };
        let claims: Claims = read(claims).ok_or(UNREADABLE)?;
        if !accepts(self.client_id.as_deref(), &claims.iss) {
            return Err(("invalid_client_id", "client identifier invalid"));
        }
        if !accepts(self.username.as_deref(), &claims.sub) {
            return Err(("invalid_grant", "user hasn't approved this consumer"));
        }
        let is_audience = match &claims.aud {
            Value::String(text) => !text.is_empty(),
            Value::Array(texts) => !texts.is_empty(),
            _ => false,
        };
        if !is_audience {
            return Err(("invalid_grant", "audience is invalid"));
        }
        if claims.exp <= now || claims.exp > now + LONGEST {
            return Err(("invalid_grant", "expired authorization code"));
        }
        let Some(key) = &self.key else { return Ok(()) };
        let head: Value = read(head).ok_or(UNREADABLE)?;
        let signed = &assertion[..assertion.len() - signature.len() - 1];
        let signature = base64::decode(signature).ok_or(UNREADABLE)?;
        let is_signed = head["alg"] == "RS256" && key.signed(signed, &signature);
        if is_signed { Ok(()) } else { Err(UNREADABLE) }
    }
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: u64,
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&base64::decode(part)?).ok()
}

fn accepts(accepted: Option<&str>, sent: &str) -> bool {
    accepted.is_none_or(|accepted| accepted == sent)
}

/// What was sent: in the body, in the query, or the client in a header.
struct Form(Vec<(String, String)>);

impl Form {
    fn new(request: &Request) -> Self {
        let mut pairs: Vec<(String, String)> =
            form_urlencoded::parse(&request.body).into_owned().collect();
        pairs.extend(request.query.iter().cloned());
        let header = request.header("authorization").unwrap_or_default();
        if let Some((id, secret)) = header.strip_prefix("Basic ").and_then(basic) {
            pairs.push(("client_id".to_owned(), id));
            pairs.push(("client_secret".to_owned(), secret));
        }
        Self(pairs)
    }

    fn get(&self, name: &str) -> &str {
        let pair = self.0.iter().find(|(key, _)| key == name);
        pair.map_or("", |(_, value)| value.as_str())
    }
}

fn basic(pair: &str) -> Option<(String, String)> {
    let bytes = base64::decode(&pair.trim().replace('+', "-").replace('/', "_"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

/// The answer of the token endpoint.
pub(super) fn answer(
    credentials: &Credentials,
    sessions: &mut Sessions,
    request: &Request,
    now: u64,
) -> Answer {
    let form = Form::new(request);
    match grant(credentials, sessions, &form, now) {
        Ok(refresh) => token(sessions, request, refresh, now),
        Err((error, description)) => {
            let body = json!({"error": error, "error_description": description});
            Answer::value(400, &body)
        }
    }
}

/// Lets somebody in, or not; gives the new refresh token, if there is one.
fn grant(
    credentials: &Credentials,
    sessions: &mut Sessions,
    form: &Form,
    now: u64,
) -> Result<Option<String>, Refusal> {
    match form.get("grant_type") {
        "password" => {
            credentials.client(form)?;
            let is_user = credentials.is_user(form.get("username"), form.get("password"));
            if is_user { Ok(None) } else { Err(NOT_AUTHENTIC) }
        }
        "client_credentials" => credentials.client(form).map(|()| None),
        "refresh_token" => {
            credentials.client(form)?;
            let expired = ("invalid_grant", "expired access/refresh token");
            sessions.refresh(form.get("refresh_token")).ok_or(expired)
        }
        JWT => credentials.assertion(form.get("assertion"), now).map(|()| None),
        _ => Err(("unsupported_grant_type", "grant type not supported")),
    }
}

/// A new session as the endpoint tells it: where to go with it, and not when it ends.
fn token(sessions: &mut Sessions, request: &Request, refresh: Option<String>, now: u64) -> Answer {
    let origin = request.origin();
    let mut body = json!({
        "access_token": sessions.begin(now),
        "signature": format!("{}=", sessions.letters(43)),
        "scope": "refresh_token api",
        "instance_url": origin,
        "id": format!("{origin}/id/{ORGANIZATION}/{USER}"),
        "token_type": "Bearer",
        "issued_at": (now * 1_000).to_string(),
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = refresh.into();
    }
    let mut answer = Answer::value(200, &body);
    answer.set("cache-control", "no-store");
    answer
}
