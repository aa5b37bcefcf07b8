//! Waits, told to whoever watches.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::stats::Counters;
use crate::text::{span, until};

const WORTH_TELLING: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Waits on the client's clock. A wait over 5 s is told once, however many requests share it, and
/// one over 60 s again each minute, so that nobody takes the process for dead.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    told: Mutex<HashMap<String, Told>>,
}

/// What was told.
#[derive(Clone, Copy, Debug)]
struct Told {
    /// Until when it holds.
    end: Duration,
    /// When it was told, or told again.
    last: Duration,
}

/// Why somebody waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Why<'a> {
    pub(crate) id: &'static str,
    pub(crate) reason: &'a str,
    /// When the reason is over, of which this wait may be a step.
    pub(crate) end: Option<Duration>,
}

impl<'a> Why<'a> {
    pub(crate) fn new(id: &'static str, reason: &'a str) -> Self {
        Self { id, reason, end: None }
    }
}

impl Waits {
    /// Waits `duration`, and tells why.
    pub(crate) async fn wait(
        &self,
        clock: &dyn Clock,
        counters: &Counters,
        duration: Duration,
        why: Why<'_>,
    ) {
        let Why { id, reason, end } = why;
        counters.waited(id, duration);
        let now = clock.elapsed();
        let end = end.unwrap_or(now + duration);
        if duration > WORTH_TELLING && self.first(reason, now, end) {
            let until = until(clock, duration);
            tracing::warn!("[{id}] {reason} · waiting {}{until}", span(duration));
        }
        let mut left = duration;
        while left > HEARTBEAT {
            clock.sleep(HEARTBEAT).await;
            left -= HEARTBEAT;
            if self.is_beat(reason, clock.elapsed()) {
                tracing::info!("[{id}] still waiting, {} to go", span(left));
            }
        }
        clock.sleep(left).await;
    }

    /// Whether nobody was told yet of a reason that holds until `end`.
    pub(crate) fn first(&self, reason: &str, now: Duration, end: Duration) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, told| told.end > now);
        let known =
            told.get(reason).is_some_and(|known| end <= known.end.saturating_add(WORTH_TELLING));
        if !known {
            told.insert(reason.to_owned(), Told { end, last: now });
        }
        !known
    }

    /// Whether nobody has told of it for a minute.
    fn is_beat(&self, reason: &str, now: Duration) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(told) = told.get_mut(reason).filter(|told| now >= told.last + HEARTBEAT) else {
            return false;
        };
        told.last = now;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn a_long_wait_beats_each_minute_and_is_told_once() {
        let (waits, counters) = (Waits::default(), Counters::default());
        let clock = ManualClock::at("2026-11-24T16:00:00Z");
        let log = crate::testing::captured(async {
            for (millis, reason) in [(5_000, "short"), (130_000, "long")] {
                let wait = Duration::from_millis(millis);
                waits.wait(&clock, &counters, wait, Why::new("RATE01", reason)).await;
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

    #[tokio::test]
    async fn steps_of_one_wait_are_told_once_and_beat_on() {
        let (waits, counters) = (Waits::default(), Counters::default());
        let clock = ManualClock::at("2026-11-24T16:00:00Z");
        let log = crate::testing::captured(async {
            for _ in 0..3 {
                let why = Why { end: Some(secs(600)), ..Why::new("RATE07", "little is left") };
                waits.wait(&clock, &counters, secs(100), why).await;
            }
        })
        .await;
        let (told, beats) = log.split_once('\n').unwrap();
        assert!(told.starts_with("WARN [RATE07] little is left · waiting 1m 40s"), "{log}");
        assert_eq!(beats, "INFO [RATE07] still waiting, 40s to go\n".repeat(3));
    }

    #[test]
    fn requests_that_wait_for_the_same_moment_tell_of_it_once() {
        let waits = Waits::default();
        let first = |reason, now, end| waits.first(reason, secs(now), secs(end));
        assert!(first("core", 0, 100));
        assert!(!first("core", 2, 102));
        assert!(!first("core", 90, 95));
        assert!(first("search", 90, 95));
        assert!(first("core", 99, 160));
        assert!(first("core", 161, 163), "the next time is told again");
        let beat = |reason, now| waits.is_beat(reason, secs(now));
        assert!(first("core", 200, 900));
        assert!(!beat("core", 259) && beat("core", 260) && !beat("core", 261));
        assert!(!beat("never told", 1_000));
    }
}
