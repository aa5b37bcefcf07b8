//! What a run has come to so far: counts that anyone may look at while it goes on.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The counts of a run.
#[derive(Debug)]
pub(crate) struct Board {
    streams: Vec<Live>,
    state_bytes: Count,
}

/// The counts of one stream.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// Pages that were read.
    pub(crate) pages: Count,
    /// Records that were written.
    pub(crate) records: Count,
    /// Records that were rejected.
    pub(crate) rejected: Count,
    /// Values that did not fit.
    pub(crate) misfits: Count,
    /// Fields that no schema declares, each time one came.
    pub(crate) undeclared: Count,
    /// Partitions that are known to be there.
    pub(crate) found: Count,
    /// Of them, those that are over, however they ended.
    pub(crate) done: Count,
    /// Jobs that began, each of which reads a partition or a part of it.
    begun: Count,
    /// Jobs that ended, however.
    ended: Count,
    /// When the first job began and the last one ended, in milliseconds of the clock, plus
    /// one: zero is never.
    first: AtomicU64,
    last: AtomicU64,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    /// What it is now.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Board {
    /// The board of a run of so many streams.
    pub(crate) fn new(streams: usize) -> Board {
        let streams = (0..streams).map(|_| Live::default()).collect();
        Board { streams, state_bytes: Count::default() }
    }

    /// A stream of the plan.
    pub(crate) fn stream(&self, at: usize) -> &Live {
        &self.streams[at]
    }

    /// Bytes of STATE messages.
    pub(crate) fn state_bytes(&self) -> &Count {
        &self.state_bytes
    }
}

impl Live {
    /// Books that a job is begun.
    pub(crate) fn begin(&self, now: Duration) {
        self.begun.add(1);
        let _ = self.first.compare_exchange(0, mark(now), Relaxed, Relaxed);
    }

    /// Books that a job has ended.
    pub(crate) fn end(&self, now: Duration) {
        self.ended.add(1);
        self.last.fetch_max(mark(now), Relaxed);
    }

    /// Whether anything of it is being read now.
    pub(crate) fn is_running(&self) -> bool {
        self.begun.get() > self.ended.get()
    }

    /// How long the stream has been read, from its first job to its last, or to now.
    pub(crate) fn took(&self, now: Duration) -> Duration {
        let first = self.first.load(Relaxed);
        let last = if self.is_running() { mark(now) } else { self.last.load(Relaxed) };
        if first == 0 { Duration::ZERO } else { Duration::from_millis(last.saturating_sub(first)) }
    }
}

fn mark(now: Duration) -> u64 {
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_takes_from_its_first_partition_to_its_last() {
        let live = Live::default();
        let at = Duration::from_secs;
        assert_eq!((live.took(at(9)), live.is_running()), (Duration::ZERO, false));
        live.begin(at(0));
        live.begin(at(2));
        live.end(at(3));
        assert_eq!((live.took(at(9)), live.is_running()), (at(9), true));
        live.end(at(5));
        assert_eq!((live.took(at(9)), live.is_running()), (at(5), false));
    }
}
