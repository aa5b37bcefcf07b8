//! Waits, told to whoever watches.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::stats::Counters;
use crate::text::span;

const WORTH_TELLING: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Waits on the client's clock. A wait over 5 s is told once, however many requests share it, and
/// one over 60 s again each minute, so that nobody takes the process for dead.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    /// What was told, and until when it holds.
    told: Mutex<HashMap<String, Duration>>,
}

impl Waits {
    /// Waits `duration`; `id` and `reason` are what is told.
    pub(crate) async fn wait(
        &self,
        clock: &dyn Clock,
        counters: &Counters,
        duration: Duration,
        id: &'static str,
        reason: &str,
    ) {
        counters.waits.fetch_add(1, Relaxed);
        counters.waited_ms.fetch_add(duration.as_millis().try_into().unwrap_or(u64::MAX), Relaxed);
        let now = clock.elapsed();
        let tell = duration > WORTH_TELLING && self.first(reason, now, now + duration);
        if tell {
            let until = chrono::Duration::from_std(duration)
                .ok()
                .and_then(|wait| clock.now().checked_add_signed(wait))
                .map(|at| format!(", until {} UTC", at.format("%H:%M:%S")))
                .unwrap_or_default();
            tracing::warn!("[{id}] {reason} · waiting {}{until}", span(duration));
        }
        let mut left = duration;
        while left > HEARTBEAT {
            clock.sleep(HEARTBEAT).await;
            left -= HEARTBEAT;
            if tell {
                tracing::info!("[{id}] still waiting, {} to go", span(left));
            }
        }
        clock.sleep(left).await;
    }

    fn first(&self, reason: &str, now: Duration, end: Duration) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, end| *end > now);
        let known = told.get(reason).is_some_and(|known| end <= *known + WORTH_TELLING);
        if !known {
            told.insert(reason.to_owned(), end);
        }
        !known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    #[tokio::test]
    async fn a_long_wait_beats_each_minute_and_is_told_once() {
        let (waits, counters) = (Waits::default(), Counters::default());
        let clock = ManualClock::at("2026-11-24T16:00:00Z");
        let log = crate::testing::captured(async {
            for (millis, reason) in [(5_000, "short"), (130_000, "long")] {
                let wait = Duration::from_millis(millis);
                waits.wait(&clock, &counters, wait, "RATE01", reason).await;
            }
        })
        .await;
        assert_eq!(clock.waits(), [5, 60, 60, 10].map(Duration::from_secs));
        assert_eq!(
            log,
            "WARN [RATE01] long · waiting 2m 10s, until 16:02:15 UTC\n\
             INFO [RATE01] still waiting, 1m 10s to go\n\
             INFO [RATE01] still waiting, 10s to go\n"
        );
        assert_eq!(counters.snapshot(1, Vec::new()).waited, Duration::from_secs(135));
    }

    #[test]
    fn requests_that_wait_for_the_same_moment_tell_of_it_once() {
        let waits = Waits::default();
        let secs = Duration::from_secs;
        let first = |reason, now, end| waits.first(reason, secs(now), secs(end));
        assert!(first("core", 0, 100));
        assert!(!first("core", 2, 102));
        assert!(!first("core", 90, 95));
        assert!(first("search", 90, 95));
        assert!(first("core", 99, 160));
        assert!(first("core", 161, 163), "the next time is told again");
    }
}
