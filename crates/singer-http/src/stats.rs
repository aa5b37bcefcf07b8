//! What a client has done so far.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::quota::QuotaLeft;

/// What a client has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Of them, sent again after a failure.
    pub retries: u64,
    /// Bytes of bodies over the wire.
    pub wire: u64,
    /// Bytes of bodies after decompression.
    pub decoded: u64,
    /// Waits of any kind.
    pub waits: u64,
    /// All of them together; waits at the same time count each.
    pub waited: Duration,
    /// The same by why: a message's identifier each, such as `RATE01`.
    pub waits_by: Vec<Waited>,
    /// Requests that may be in flight now.
    pub concurrency: usize,
    /// What is left of each quota that was told.
    pub quotas: Vec<QuotaLeft>,
}

/// How often and how long was waited for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waited {
    /// The identifier of the message that tells the reason.
    pub id: &'static str,
    /// So often.
    pub waits: u64,
    /// So long.
    pub waited: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) requests: AtomicU64,
    pub(crate) retries: AtomicU64,
    /// Requests within those that were sent.
    pub(crate) held: AtomicU64,
    pub(crate) wire: AtomicU64,
    pub(crate) decoded: AtomicU64,
    waits: Mutex<BTreeMap<&'static str, (u64, Duration)>>,
}

impl Counters {
    pub(crate) fn waited(&self, id: &'static str, duration: Duration) {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, sum) = waits.entry(id).or_default();
        *count += 1;
        *sum = sum.saturating_add(duration);
    }

    pub(crate) fn snapshot(&self, concurrency: usize, quotas: Vec<QuotaLeft>) -> Stats {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let waits_by =
            waits.iter().map(|(id, (waits, waited))| Waited { id, waits: *waits, waited: *waited });
        Stats {
            requests: self.requests.load(Relaxed),
            retries: self.retries.load(Relaxed),
            wire: self.wire.load(Relaxed),
            decoded: self.decoded.load(Relaxed),
            waits: waits.values().map(|(waits, _)| waits).sum(),
            waited: waits
                .values()
                .fold(Duration::ZERO, |sum, (_, waited)| sum.saturating_add(*waited)),
            waits_by: waits_by.collect(),
            concurrency,
            quotas,
        }
    }
}
