//! A token bucket, and one whose rate gives way.

use std::time::Duration;

use crate::pace::{Growth, Rate};

/// No rate gives way further: one request in two seconds.
const LOWEST: f64 = 0.5;

/// Lets `burst` through at once and then one each `interval`: in any span of time no more than
/// `burst + span / interval`.
///
/// Kept as one moment, not as a number of tokens, so that nothing is rounded:
/// <https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    burst: u32,
    interval: Duration,
    /// When it will be full again.
    full_at: Duration,
}

impl Bucket {
    pub(crate) fn new(rate: Rate) -> Self {
        let interval = interval(rate.per_second);
        Self { burst: rate.burst.max(1), interval, full_at: Duration::ZERO }
    }

    /// The first moment at which one may go.
    pub(crate) fn permits_at(&self) -> Duration {
        self.full_at.saturating_sub(self.interval.saturating_mul(self.burst - 1))
    }

    /// So many go now. More than it holds is a debt, which those to come wait for.
    pub(crate) fn take(&mut self, count: u32, now: Duration) {
        self.full_at = self.full_at.max(now).saturating_add(self.interval.saturating_mul(count));
    }

    /// Nothing is left of the burst, and the next comes at another pace.
    fn slow_down(&mut self, per_second: f64, now: Duration) {
        self.interval = interval(per_second);
        self.full_at = self.full_at.max(now + self.interval.saturating_mul(self.burst));
    }
}

fn interval(per_second: f64) -> Duration {
    // Rounded up, so that the rate is kept to the nanosecond; the conversion saturates.
    Duration::from_nanos((1e9 / per_second).ceil() as u64)
}

/// A bucket whose rate is halved by each throttling, and grows again while there is none.
#[derive(Clone, Debug)]
pub(crate) struct Pacer {
    declared: Rate,
    growth: Option<Growth>,
    per_second: f64,
    /// Since when there was no throttling, as far as the rate does not show it yet.
    clean_since: Duration,
    bucket: Bucket,
}

impl Pacer {
    pub(crate) fn new(declared: Rate, growth: Option<Growth>) -> Self {
        Self {
            declared,
            growth,
            per_second: declared.per_second,
            clean_since: Duration::ZERO,
            bucket: Bucket::new(declared),
        }
    }

    pub(crate) fn permits_at(&self, now: Duration) -> Duration {
        let mut grown = self.clone();
        grown.grow(now);
        grown.bucket.permits_at()
    }

    pub(crate) fn take(&mut self, now: Duration) {
        self.grow(now);
        self.bucket.take(1, now);
    }

    /// Halves the rate, if it is one that gives way.
    pub(crate) fn throttled(&mut self, now: Duration) {
        if self.growth.is_some() {
            self.grow(now);
            let lowest = LOWEST.min(self.declared.per_second);
            self.per_second = (self.per_second / 2.0).max(lowest);
            self.clean_since = now;
            self.bucket.slow_down(self.per_second, now);
        }
    }

    fn grow(&mut self, now: Duration) {
        let Some(Growth { per_second, every }) = self.growth else { return };
        while self.per_second < self.declared.per_second && now >= self.clean_since + every {
            self.per_second = (self.per_second + per_second).min(self.declared.per_second);
            self.clean_since += every;
            self.bucket.interval = interval(self.per_second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// The whole milliseconds at which a request goes that is always wanted.
    fn greedy(pacer: &mut Pacer, from: u64, to: u64) -> Vec<u64> {
        let mut sent = Vec::new();
        for now in from..to {
            while pacer.permits_at(ms(now)) <= ms(now) {
                pacer.take(ms(now));
                sent.push(now);
            }
        }
        sent
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let check = |rate, wait, want: &[u64]| {
            let mut pacer = Pacer::new(rate, None);
            assert_eq!(greedy(&mut pacer, wait, wait + 1_000), want, "{rate:?} after {wait}");
        };
        check(Rate::new(4.0, 1), 0, &[0, 250, 500, 750]);
        check(Rate::new(4.0, 3), 0, &[0, 0, 0, 250, 500, 750]);
        check(Rate::new(4.0, 3), 60_000, &[60_000, 60_000, 60_000, 60_250, 60_500, 60_750]);
        check(Rate::new(0.4, 1), 0, &[0]);
        check(Rate::new(4.0, 0), 0, &[0, 250, 500, 750]);
    }

    #[test]
    fn a_debt_is_paid_before_the_next_goes() {
        let mut bucket = Bucket::new(Rate::new(1.0, 10));
        bucket.take(25, ms(0));
        assert_eq!(bucket.permits_at().as_secs(), 16);
        bucket.take(1, ms(90_000));
        assert!(bucket.permits_at() < ms(90_000), "idle time fills it, to its burst and no more");
    }

    #[test]
    fn throttling_halves_a_rate_that_gives_way_and_clean_time_restores_it() {
        let mut pacer = Pacer::new(Rate::new(8.0, 4), Some(Growth::STEADY));
        assert_eq!(greedy(&mut pacer, 0, 1_000).len(), 11);
        pacer.throttled(ms(1_000));
        // 4 a second, and nothing at once.
        assert_eq!(greedy(&mut pacer, 1_000, 2_000), [1_250, 1_500, 1_750]);
        pacer.throttled(ms(2_000));
        (0..5).for_each(|_| pacer.throttled(ms(2_000)));
        assert_eq!(greedy(&mut pacer, 2_000, 12_000).len(), 4, "1 in 2 s is the least");
        assert_eq!(greedy(&mut pacer, 32_000, 33_000).len(), 5, "a burst, and 1.5 a second");
        assert_eq!(greedy(&mut pacer, 33_000, 43_000).len(), 15);
        let later = 2_000 + 8 * 30_000;
        assert_eq!(greedy(&mut pacer, later, later + 10_000).len(), 4 + 80 - 1);
        let mut fixed = Pacer::new(Rate::new(8.0, 1), None);
        fixed.throttled(ms(0));
        assert_eq!(greedy(&mut fixed, 0, 1_000).len(), 8);
    }
}
