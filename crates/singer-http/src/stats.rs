//! What a client has done so far.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
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
    /// Requests that may be in flight now.
    pub concurrency: usize,
    /// What is left of each quota that was told.
    pub quotas: Vec<QuotaLeft>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) requests: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) wire: AtomicU64,
    pub(crate) decoded: AtomicU64,
    pub(crate) waits: AtomicU64,
    pub(crate) waited_ms: AtomicU64,
}

impl Counters {
    pub(crate) fn snapshot(&self, concurrency: usize, quotas: Vec<QuotaLeft>) -> Stats {
        Stats {
            requests: self.requests.load(Relaxed),
            retries: self.retries.load(Relaxed),
            wire: self.wire.load(Relaxed),
            decoded: self.decoded.load(Relaxed),
            waits: self.waits.load(Relaxed),
            waited: Duration::from_millis(self.waited_ms.load(Relaxed)),
            concurrency,
            quotas,
        }
    }
}
