//! A polite HTTP client: auth, retries, backoff, quotas, origin guard, deadlines and caps.
//!
//! A [`Client`] is made of a [`ClientSpec`] (what it may do) and an [`Env`] (what it stands on).
//! [`Client::send`] gives a page or an [`Error`] that says how much it stops; it never turns a
//! failure into an empty page.
//!
//! ```
//! use std::sync::Arc;
//!
//! use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
//! use singer_http::{Anonymous, Client, ClientSpec, Request, Rules, Url};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let clock = ManualClock::at("2026-11-24T16:00:00Z");
//! let script = ScriptedTransport::new(&clock, [Reply::status(503), Reply::json("[1, 2]")]);
//! let base = Url::parse("https://api.example")?;
//! let spec = ClientSpec::new(base.clone(), Arc::new(Anonymous), Rules::PLAIN);
//! let client = Client::new(spec, env(&script, &clock))?;
//!
//! let page = client.send(&Request::get(base.join("/things")?)).await?;
//! assert_eq!(page.body, b"[1, 2]");
//! assert_eq!(clock.waits().len(), 1, "the 503 was waited out, in no time");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

mod allowance;
mod auth;
mod backoff;
mod body;
mod breaker;
mod bucket;
mod classify;
mod client;
mod clock;
mod concurrency;
mod download;
mod env;
mod error;
mod exchange;
mod fetch;
mod gzip;
mod kind;
mod limits;
mod link;
mod meaning;
mod network;
mod origin;
mod pace;
mod quota;
mod reading;
mod request;
mod response;
mod retry_after;
mod rules;
mod send;
mod server_clock;
mod spares;
mod spec;
mod stats;
pub mod testing;
mod text;
mod transport;
mod turns;
mod wait;

pub use allowance::{Allowance, Share, Usage};
pub use auth::{
    Anonymous, ApiKey, Ask, Authenticator, Basic, Bearer, ClientAuth, Fields, Grant, Granted, Jwt,
    Lifetime, OAuth, Signature, TokenStore, append_private,
};
pub use bytes::Bytes;
pub use classify::{MOST_ATTEMPTS, classify};
pub use client::Client;
pub use clock::{BoxFuture, Clock, Random, SystemClock, SystemRandom};
pub use download::Download;
pub use env::{Env, Finished, Observer, Secrets, Unobserved, Untold};
pub use error::{Error, Exit, Scope, Site};
pub use exchange::{Class, Exchange, Outcome, Tries, Verdict};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
pub use kind::{BodyFault, Cap, Kind, Limit};
pub use link::find as find_link;
pub use meaning::{Answer, Meaning, Said};
pub use network::Network;
pub use origin::Origins;
pub use pace::{Growth, Pace, Rate, Reserve};
pub use quota::{QuotaLeft, QuotaTold};
pub use request::{BodyKind, Expect, Request};
pub use response::Response;
pub use rules::{QuotaHeaders, Rules, Secondary};
pub use secrecy::{ExposeSecret, SecretString};
pub use spares::Spares;
pub use spec::{Caps, ClientSpec, Deadlines};
pub use stats::{Stats, Waited};
pub use text::{clean, printable, site, span};
pub use transport::{Body, Break, Incoming, Outgoing, Transport, TransportError};
pub use url::Url;
