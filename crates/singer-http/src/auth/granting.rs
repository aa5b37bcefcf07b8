//! One question for a token, and what came of it.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::{Serializer, byte_serialize};

use super::basic;
use super::grant::{ClientAuth, Grant, Means};
use super::granted::{Granted, Reader, Refusal, is_code, refusal};
use super::{Ask, token};
use crate::body;
use crate::env::{Env, Finished};
use crate::error::{Error, Site};
use crate::exchange::Outcome;
use crate::fetch::{Limits, fetch};
use crate::kind::Kind;
use crate::retry_after::{date, retry_after};
use crate::spares::Spares;
use crate::spec::{Caps, Deadlines};
use crate::transport::{Break, Outgoing};

const CAPS: Caps = Caps { head: 64 << 10, wire: 1 << 20, decoded: 1 << 20, ratio: 200 };

/// What a question for a token needs beside the grant: an [`Ask`] that outlives its request.
pub(super) struct World {
    pub(super) env: Env,
    deadlines: Deadlines,
    user_agent: String,
    /// The server's time less the clock's.
    now: DateTime<Utc>,
    begun: Duration,
}

impl World {
    pub(super) fn of(ask: &Ask<'_>) -> Self {
        Self {
            env: ask.env.clone(),
            deadlines: ask.deadlines.clone(),
            user_agent: ask.user_agent.to_owned(),
            now: ask.now,
            begun: ask.env.clock.elapsed(),
        }
    }

    /// The time at the server, as far as it is known.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.now + self.env.clock.elapsed().saturating_sub(self.begun)
    }
}

/// Why there is no token.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server has done nothing: nothing was sent, or it says so. Asking again does no harm.
    Undone { cause: String, after: Option<Duration> },
    /// Nothing was sent, since the server cannot be reached.
    Unreachable(String),
    /// Whether it has is not known: what asked may be used up.
    Unclear { cause: String },
    /// It refused.
    Refused(Refusal),
    /// Asking again is of no use.
    Final(Error),
}

/// Asks once. `label` is what messages call the credential, `refresh_token` what asks if the grant
/// is of that kind.
pub(super) async fn ask(
    grant: &Grant,
    label: &str,
    refresh_token: Option<&SecretString>,
    world: &World,
) -> Result<Granted, Failure> {
    let outgoing = outgoing(grant, label, refresh_token, world).map_err(Failure::Final)?;
    let World { env, deadlines, .. } = world;
    let spares = Spares::default();
    let limits = Limits { clock: &*env.clock, deadlines, caps: &CAPS, spares: &spares };
    let fetched = fetch(&*env.transport, outgoing, &limits).await;
    let read = read(grant, label, &fetched.outcome(), world);
    env.observer.finished(&Finished {
        label: grant.endpoint.path(),
        status: fetched.head.as_ref().map(|(status, _)| *status),
        duration: fetched.duration,
        wire: fetched.wire,
        decoded: fetched.body.as_ref().map_or(0, Vec::len) as u64,
        succeeded: read.is_ok(),
    });
    read
}

fn outgoing(
    grant: &Grant,
    label: &str,
    refresh_token: Option<&SecretString>,
    world: &World,
) -> Result<Outgoing, Error> {
    let secrets = &*world.env.secrets;
    let mut headers = grant.headers.clone();
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    if let Ok(agent) = HeaderValue::from_str(&world.user_agent) {
        headers.insert(header::USER_AGENT, agent);
    }
    if let Some(ClientAuth::Basic { id, secret }) = &grant.client {
        let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let encoded = basic::encoded(&part(id), &part(secret.expose_secret()));
        secrets.learn(encoded.expose_secret());
        headers.insert(header::AUTHORIZATION, token::header(label, "Basic", &encoded)?);
    }
    let mut form = Serializer::new(String::new());
    for (name, value) in &grant.params {
        form.append_pair(name, value.expose_secret());
    }
    if let Some(ClientAuth::Form { id, secret }) = &grant.client {
        form.append_pair("client_id", id);
        if let Some(secret) = secret {
            form.append_pair("client_secret", secret.expose_secret());
        }
    }
    let mut kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    let body = match &grant.means {
        Means::Params => form.finish(),
        Means::RefreshToken { configured, .. } => {
            let token = refresh_token.unwrap_or(configured);
            form.append_pair("refresh_token", token.expose_secret()).finish()
        }
        Means::Assertion(jwt) => {
            let jwt = jwt.at(world.now(), &world.env)?;
            form.append_pair("assertion", jwt.expose_secret()).finish()
        }
        Means::Signed(jwt) => {
            let jwt = jwt.at(world.now(), &world.env)?;
            headers.insert(header::AUTHORIZATION, token::header(label, "Bearer", &jwt)?);
            form.finish()
        }
        Means::Body { kind: own, text } => {
            kind = own.clone();
            text.expose_secret().to_owned()
        }
    };
    let url = grant.endpoint.clone();
    if body.is_empty() {
        return Ok(Outgoing { method: Method::POST, url, headers, body: None });
    }
    headers.insert(header::CONTENT_TYPE, kind);
    Ok(Outgoing { method: Method::POST, url, headers, body: Some(Bytes::from(body)) })
}

fn read(
    grant: &Grant,
    label: &str,
    outcome: &Outcome<'_>,
    world: &World,
) -> Result<Granted, Failure> {
    let fatal = |kind| Err(Failure::Final(Error::ungranted(kind, &grant.endpoint, label)));
    let unclear = |cause: &str| Err(Failure::Unclear { cause: cause.to_owned() });
    match outcome {
        Outcome::Broken(error) => match error.kind {
            Break::Tls => fatal(Kind::Untrusted(error.cause.clone())),
            Break::Proxy => fatal(Kind::Proxy(error.cause.clone())),
            Break::Dns | Break::Connect => Err(Failure::Unreachable(error.cause.clone())),
            Break::Closed | Break::Reset | Break::Timeout | Break::Protocol => {
                unclear(&error.cause)
            }
        },
        Outcome::BrokenBody(fault) => unclear(&fault.happened(&Site::of(&grant.endpoint).url)),
        Outcome::TooLarge(cap) => fatal(Kind::TooLarge(*cap)),
        Outcome::Answer { status, headers, body } if status.is_success() => {
            let now = date(headers).unwrap_or_else(|| world.now());
            // What was cut, or is a page of somebody's in between, says nothing of the credential.
            let fault = match grant.reader {
                Reader::Json(_) => body::json_fault(headers, body),
                Reader::Own(_) => body::web_page(headers, body),
            };
            if let Some(fault) = fault {
                return unclear(&fault.happened(&Site::of(&grant.endpoint).url));
            }
            match grant.reader.read(body, now) {
                Ok(granted) => accepted(grant, label, granted),
                // Some servers refuse with a 200.
                Err(cause) => match refusal(body) {
                    Some(refusal) => Err(refused(refusal)),
                    None => fatal(Kind::NoCredential(cause)),
                },
            }
        }
        Outcome::Answer { status, .. } if status.is_redirection() => fatal(Kind::NoCredential(
            "the endpoint redirects, which a login never follows".to_owned(),
        )),
        Outcome::Answer { body, .. } if own_refusal(grant, body).is_some() => {
            let code = own_refusal(grant, body).unwrap_or_default();
            Err(Failure::Refused(Refusal::of(code)))
        }
        Outcome::Answer { status, headers, body } => {
            let cause = format!("status {}", status.as_u16());
            match *status {
                StatusCode::TOO_MANY_REQUESTS => {
                    Err(Failure::Undone { cause, after: after(headers, world) })
                }
                StatusCode::REQUEST_TIMEOUT => unclear(&cause),
                status if status.is_server_error() => unclear(&cause),
                _ => Err(refused(refusal(body).unwrap_or_else(|| Refusal::of(cause)))),
            }
        }
    }
}

/// Why a login is refused, in a code of the API's own.
fn own_refusal(grant: &Grant, body: &[u8]) -> Option<String> {
    grant.refusal.and_then(|read| read(body)).filter(|code| is_code(code))
}

fn after(headers: &HeaderMap, world: &World) -> Option<Duration> {
    retry_after(headers, date(headers).unwrap_or_else(|| world.now()))
}

/// Sorts the codes: some say that the server is busy. `unknown_error` is Salesforce's word for it.
fn refused(refusal: Refusal) -> Failure {
    match refusal.code.as_str() {
        "temporarily_unavailable" | "slow_down" => {
            Failure::Undone { cause: refusal.code, after: None }
        }
        "server_error" | "unknown_error" => Failure::Unclear { cause: refusal.code },
        _ => Failure::Refused(refusal),
    }
}

/// What is granted, if it can be used.
fn accepted(grant: &Grant, label: &str, granted: Granted) -> Result<Granted, Failure> {
    let fatal = |what: &str, rule: &str| {
        let kind = Kind::NoCredential(format!("{what} that it granted cannot be used: {rule}"));
        Failure::Final(Error::ungranted(kind, &grant.endpoint, label))
    };
    token::check(granted.token.expose_secret()).map_err(|rule| fatal("the token", rule))?;
    if let Some(token) = &granted.refresh_token {
        token::check(token.expose_secret()).map_err(|rule| fatal("the refresh token", rule))?;
    }
    let base = match (&grant.instances, &granted.base) {
        (Some(instances), Some(told)) => {
            let base = instances.check(&grant.endpoint, told);
            Some(base.map_err(|rule| fatal("the address of the API", rule))?)
        }
        _ => None,
    };
    Ok(Granted { base, ..granted })
}
