//! How a client behaves, as plain data.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use url::Url;

use crate::allowance::Allowance;
use crate::auth::Authenticator;
use crate::pace::{Pace, Reserve};
use crate::rules::Rules;

/// What we call ourselves if nobody tells.
pub(crate) const USER_AGENT: &str = concat!("singer-http/", env!("CARGO_PKG_VERSION"));

/// One client: one API, its credentials, one set of limits.
#[derive(Clone)]
pub struct ClientSpec {
    /// Where the API is. Its origin is the only one that requests may go to, beside `origins`.
    pub base: Url,
    /// Further URLs whose origins are allowed; their paths do not matter.
    pub origins: Vec<Url>,
    /// The `user-agent` header.
    pub user_agent: String,
    /// The credentials, one of which signs each request when it is sent. None at all is anonymous
    /// access.
    pub auth: Vec<Arc<dyn Authenticator>>,
    /// How the API speaks of limits and refusals.
    pub rules: Rules,
    /// Sent with every request; a request's own headers win.
    pub headers: HeaderMap,
    /// Requests in flight at most for each identity, see [`Authenticator::identity`]. At least 1.
    pub concurrency: usize,
    /// How fast each identity may ask.
    pub pace: Pace,
    /// Requests a second at most, whoever signs them.
    pub most_per_second: Option<f64>,
    /// What is left of each told quota for others.
    pub reserve: Reserve,
    /// What of the API's requests a day may be used, if it tells how many are.
    pub allowance: Option<Allowance>,
    /// How long each part of an exchange may take.
    pub deadlines: Deadlines,
    /// How large an answer may be.
    pub caps: Caps,
    /// How long one request may wait in all for limits that the server told of. Zero fails fast.
    pub max_wait: Duration,
}

impl ClientSpec {
    /// A client of the API at `base` with the defaults: 8 requests in flight, `max_wait` 65 minutes.
    pub fn new(base: Url, auth: Arc<dyn Authenticator>, rules: Rules) -> Self {
        Self::with_credentials(base, vec![auth], rules)
    }

    /// The same with several credentials, among which the client chooses for each request.
    pub fn with_credentials(base: Url, auth: Vec<Arc<dyn Authenticator>>, rules: Rules) -> Self {
        Self {
            base,
            origins: Vec::new(),
            user_agent: USER_AGENT.to_owned(),
            auth,
            rules,
            headers: HeaderMap::new(),
            concurrency: 8,
            pace: Pace::default(),
            most_per_second: None,
            reserve: Reserve::NONE,
            allowance: None,
            deadlines: Deadlines::default(),
            caps: Caps::default(),
            max_wait: Duration::from_secs(65 * 60),
        }
    }
}

/// How long each part of an exchange may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Name resolution, TCP and TLS together. Default 10 s.
    pub connect: Duration,
    /// From sending, connecting included, to the head of the answer. Default 60 s.
    pub first_byte: Duration,
    /// Between two pieces of the body. Default 30 s.
    pub idle: Duration,
    /// The whole exchange. Default 300 s.
    pub total: Duration,
}

impl Deadlines {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        connect: Duration::from_secs(10),
        first_byte: Duration::from_secs(60),
        idle: Duration::from_secs(30),
        total: Duration::from_secs(300),
    };
}

impl Default for Deadlines {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How large an answer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of all header names and values. Default 64 KiB.
    pub head: usize,
    /// Bytes of the body over the wire. Default 64 MiB.
    pub wire: u64,
    /// Bytes of the body after decompression. Default 256 MiB.
    pub decoded: u64,
    /// Decoded bytes for one wire byte, once 1 MiB is decoded. Default 200.
    pub ratio: u64,
}

impl Default for Caps {
    fn default() -> Self {
        Self { head: 64 << 10, wire: 64 << 20, decoded: 256 << 20, ratio: 200 }
    }
}
