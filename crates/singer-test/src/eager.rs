//! Time for a writer of states without patience: a STATE follows every page.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::ThreadId;
use std::time::Duration;

use chrono::{DateTime, Utc};
use singer_http::{BoxFuture, Clock};

/// Longer than a state that changed ever waits for its line.
const STEP: Duration = Duration::from_secs(60);

/// Another clock on the thread that made it; on any other, such as the writer's, time leaps with
/// every look.
pub(crate) struct EagerClock {
    clock: Arc<dyn Clock>,
    home: ThreadId,
    looks: AtomicU64,
}

impl EagerClock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> EagerClock {
        EagerClock { clock, home: std::thread::current().id(), looks: AtomicU64::new(0) }
    }
}

impl Clock for EagerClock {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        if std::thread::current().id() == self.home {
            return self.clock.elapsed();
        }
        let looks = self.looks.fetch_add(1, Ordering::Relaxed);
        STEP.saturating_mul(u32::try_from(looks).unwrap_or(u32::MAX))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.clock.sleep(duration)
    }

    fn until(&self, at: Duration) -> BoxFuture<'_, ()> {
        self.clock.until(at)
    }
}
