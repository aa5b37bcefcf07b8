//! Time: the source's, ours, and the writer's.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use singer_http::{BoxFuture, Clock};

use crate::world::{MIDNIGHT, TICK, World};

/// The source, shared with its clock and its server.
pub(crate) type Shared = Arc<Mutex<World>>;

/// A clock on which the source's ticks pass without a wait, and waits without real time.
///
/// The writer, which runs on a thread of its own, finds half a minute gone whenever it looks, so
/// that each change of the state is worth a STATE.
pub(crate) struct ModelClock {
    world: Shared,
    reader: ThreadId,
    slept: AtomicU64,
    looks: AtomicU64,
}

impl ModelClock {
    pub(crate) fn new(world: &Shared) -> ModelClock {
        ModelClock {
            world: Arc::clone(world),
            reader: thread::current().id(),
            slept: AtomicU64::new(0),
            looks: AtomicU64::new(0),
        }
    }

    /// The source's time, in milliseconds since 1970: whole ticks, like its rows.
    pub(crate) fn server(&self) -> i64 {
        let slept = i64::try_from(self.slept.load(Relaxed)).unwrap_or(i64::MAX);
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        MIDNIGHT + (world.tick + slept / TICK) * TICK
    }
}

impl Clock for ModelClock {
    fn now(&self) -> DateTime<Utc> {
        let skew = self.world.lock().unwrap_or_else(PoisonError::into_inner).shape.skew;
        let now =
            DateTime::from_timestamp_millis(self.server()).expect("a time of the model's day");
        now + TimeDelta::hours(skew)
    }

    fn elapsed(&self) -> Duration {
        if thread::current().id() == self.reader {
            Duration::from_millis(self.slept.load(Relaxed))
        } else {
            Duration::from_secs(31 * self.looks.fetch_add(1, Relaxed))
        }
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let millis = duration.as_millis().try_into().unwrap_or(u64::MAX);
        self.slept.fetch_add(millis, Relaxed);
        Box::pin(tokio::task::yield_now())
    }

    /// Every answer comes at once, so no deadline passes.
    fn until(&self, _: Duration) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}
