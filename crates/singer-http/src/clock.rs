//! Time and randomness, injected so that tests need neither real time nor luck.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// A boxed future, as the traits of this crate return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The clock that every wait and every deadline goes through.
pub trait Clock: Send + Sync {
    /// The wall clock, for messages and for servers that send no `Date`.
    fn now(&self) -> DateTime<Utc>;

    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// A wait of `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;

    /// Completes once [`Clock::elapsed`] has reached `at`: a deadline beside other work, not a wait.
    fn until(&self, at: Duration) -> BoxFuture<'_, ()>;
}

/// The computer's clock; needs a tokio runtime with its timer enabled.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose [`Clock::elapsed`] begins at zero now.
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    #[allow(clippy::disallowed_methods, reason = "the one clock that really waits")]
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn until(&self, at: Duration) -> BoxFuture<'_, ()> {
        self.sleep(at.saturating_sub(self.elapsed()))
    }
}

/// A source of jitter.
pub trait Random: Send + Sync {
    /// A number in `[0, 1)`.
    fn unit(&self) -> f64;
}

/// Pseudo-random numbers from the process's generator.
#[derive(Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn unit(&self) -> f64 {
        fastrand::f64()
    }
}
