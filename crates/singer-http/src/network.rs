//! The transport over the real network: reqwest on rustls with the ring provider, HTTP/1.1.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use reqwest::redirect::Policy;

use crate::clock::BoxFuture;
use crate::origin::loopback;
use crate::spec::Deadlines;
use crate::transport::{Body, Break, Incoming, Outgoing, Transport, TransportError};

/// Shorter than servers and load balancers keep idle connections, so that few races are lost.
const POOL_IDLE: Duration = Duration::from_secs(30);

/// The real network. Connections are pooled; the system's certificate authorities are trusted; the
/// usual proxy variables are honoured, except towards loopback addresses.
#[derive(Debug, Default)]
pub struct Network {
    proxied: OnceLock<Result<reqwest::Client, TransportError>>,
    direct: OnceLock<Result<reqwest::Client, TransportError>>,
}

impl Network {
    /// A transport that sets itself up with the first request, whose `connect` deadline it keeps.
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self, direct: bool, connect: Duration) -> Result<reqwest::Client, TransportError> {
        let cell = if direct { &self.direct } else { &self.proxied };
        cell.get_or_init(|| build(direct, connect)).clone()
    }
}

fn build(direct: bool, connect: Duration) -> Result<reqwest::Client, TransportError> {
    // Fails only if the process has chosen a provider already: then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect)
        .pool_idle_timeout(POOL_IDLE)
        .tcp_nodelay(true)
        .http1_only();
    if direct {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| broken(error, Break::Tls))
}

impl Transport for Network {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        deadlines: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let client = self.client(loopback(&request.url), deadlines.connect)?;
            let mut wire = reqwest::Request::new(request.method, request.url);
            *wire.headers_mut() = request.headers;
            *wire.body_mut() = request.body.map(reqwest::Body::from);
            let answer = client.execute(wire).await;
            let mut answer = answer.map_err(|error| broken(error, Break::Reset))?;
            let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
            Ok(Incoming { status, headers, body: Box::new(Wire(answer)) })
        })
    }
}

struct Wire(reqwest::Response);

impl Body for Wire {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move { self.0.chunk().await.map_err(|error| broken(error, Break::Reset)) })
    }
}

/// Whether a TLS error hides in `error`: `io::Error` does not show what it wraps as its source.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let wrapped = || error.downcast_ref::<std::io::Error>()?.get_ref();
    error.is::<rustls::Error>() || wrapped().is_some_and(|inner| is_tls(inner))
}

/// Names the break. hyper and its connector keep their error types to themselves, so some kinds
/// are told by their words.
fn broken(error: reqwest::Error, otherwise: Break) -> TransportError {
    let error = error.without_url();
    let mut words = Vec::new();
    let mut tls = false;
    let mut cause = error.source();
    while let Some(link) = cause {
        tls |= is_tls(link);
        words.push(link.to_string());
        cause = link.source();
    }
    let all = words.join(": ").to_lowercase();
    let kind = match () {
        () if tls => Break::Tls,
        () if all.contains("proxy") || all.contains("tunnel") => Break::Proxy,
        () if all.contains("dns error") => Break::Dns,
        () if error.is_connect() => Break::Connect,
        () if error.is_timeout() => Break::Timeout,
        () if all.contains("connection closed before message completed") => Break::Closed,
        () if all.contains("invalid http") || error.is_builder() => Break::Protocol,
        () => otherwise,
    };
    let cause = words.pop().unwrap_or_else(|| error.to_string());
    TransportError::new(kind, &cause)
}
