//! Time that nobody has to wait for, beside real connections.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use singer_http::{BoxFuture, Clock};

/// A clock whose waits are over at once and whose deadlines come a few times sooner than told.
pub(super) struct HastyClock {
    start: DateTime<Utc>,
    begun: Instant,
    haste: u32,
    skipped: Mutex<Duration>,
}

impl HastyClock {
    /// A clock that stands at `start` and runs `haste` times as fast as others.
    pub(super) fn new(start: &str, haste: u32) -> HastyClock {
        let start = start.parse().expect("the start of a clock is an RFC 3339 instant");
        HastyClock { start, begun: Instant::now(), haste, skipped: Mutex::default() }
    }
}

impl Clock for HastyClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        let skipped = *self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        self.begun.elapsed() * self.haste + skipped
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) += duration;
        Box::pin(tokio::task::yield_now())
    }

    #[expect(clippy::disallowed_methods, reason = "an answer that does not come takes real time")]
    fn until(&self, at: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while let Some(left) = at.checked_sub(self.elapsed()).filter(|left| !left.is_zero()) {
                tokio::time::sleep(left / self.haste).await;
            }
        })
    }
}
