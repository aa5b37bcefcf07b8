//! What a client needs from the world.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::auth::TokenStore;
use crate::clock::{Clock, Random, SystemClock, SystemRandom};
use crate::network::Network;
use crate::transport::Transport;

/// Transport, clock, randomness, observer and keepers of secrets of a client.
#[derive(Clone)]
pub struct Env {
    /// Carries requests.
    pub transport: Arc<dyn Transport>,
    /// Measures and waits.
    pub clock: Arc<dyn Clock>,
    /// Spreads waits.
    pub random: Arc<dyn Random>,
    /// Is told of every finished request and every wait.
    pub observer: Arc<dyn Observer>,
    /// Is told of every secret that is learnt at run time, before it is used.
    pub secrets: Arc<dyn Secrets>,
    /// Keeps the refresh tokens that servers replace; without it they are lost with the run.
    pub tokens: Option<TokenStore>,
}

impl Env {
    /// The real network, clock and randomness, with nobody observing.
    pub fn real() -> Self {
        Self {
            transport: Arc::new(Network::new()),
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom),
            observer: Arc::new(Unobserved),
            secrets: Arc::new(Untold),
            tokens: None,
        }
    }
}

/// Is told of every finished request, successful or not, and of every wait.
///
/// Called on the task that sent the request: it must not block.
pub trait Observer: Send + Sync {
    /// One exchange is over.
    fn finished(&self, exchange: &Finished<'_>);

    /// A wait begins for what the message of this id tells; it is over in this time.
    fn waiting(&self, _id: &'static str, _left: Duration) {}
}

/// One finished exchange.
#[derive(Clone, Copy, Debug)]
pub struct Finished<'a> {
    /// The request's label, such as the stream's path template.
    pub label: &'a str,
    /// The status of the answer; none if there was no complete head.
    pub status: Option<StatusCode>,
    /// From sending to the last byte of the body.
    pub duration: Duration,
    /// Bytes of the body as they came over the wire.
    pub wire: u64,
    /// Bytes of the body after decompression.
    pub decoded: u64,
    /// Whether the answer could be used as it was: a page or an empty page.
    pub succeeded: bool,
}

/// The observer that does nothing.
#[derive(Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn finished(&self, _: &Finished<'_>) {}
}

/// Is told of secrets that no configuration holds, such as a token that a server just granted, so
/// that whatever writes logs can keep them out.
pub trait Secrets: Send + Sync {
    /// `secret` must not be shown from now on.
    fn learn(&self, secret: &str);
}

/// The keeper of secrets that forgets them: for a program whose logs nobody else filters.
#[derive(Debug, Default)]
pub struct Untold;

impl Secrets for Untold {
    fn learn(&self, _: &str) {}
}
