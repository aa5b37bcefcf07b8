//! What is left of a quota that the API tells, and when the next request may go.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::kind::Limit;
use crate::pace::Reserve;
use crate::reading::Reading;

/// What is left of one pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaLeft {
    /// Whose it is, see [`Authenticator::identity`](crate::Authenticator::identity).
    pub credential: Arc<str>,
    /// The pool's name.
    pub resource: String,
    /// Requests, or points, a window, if told.
    pub limit: Option<u64>,
    /// What is left of them, as last told.
    pub remaining: u64,
}

/// What a source knows of a quota that no header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaTold {
    /// Requests, or points, a window, if told.
    pub limit: Option<u64>,
    /// What is left of them.
    pub remaining: u64,
    /// When the next window begins.
    pub reset_at: DateTime<Utc>,
}

/// A request must not go before `until`, a moment of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) until: Duration,
    pub(crate) limit: Limit,
    /// When the limit itself ends, of which `until` is a step.
    pub(crate) end: Duration,
}

impl Hold {
    pub(crate) fn new(limit: Limit, until: Duration) -> Self {
        Self { until, limit, end: until }
    }
}

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// Once a request in flight has come back and told what is left.
    Busy,
    Held(Hold),
}

/// How a quota is to be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thrift {
    pub(crate) reserve: Reserve,
    /// The last of a quota is spread over the time until its reset with no longer gaps than this.
    pub(crate) widest: Duration,
}

/// The last part of a quota that is spread: one in so many.
const LAST: u64 = 10;

#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) limit: Option<u64>,
    pub(crate) remaining: Option<u64>,
    reset_at: Duration,
    in_flight: u64,
    /// What a request takes, as the last one did.
    cost: u64,
    /// When the next of the last ones may go.
    next_at: Duration,
    /// Until when a refusal holds, whatever other answers tell.
    refused_until: Duration,
}

impl Default for Pool {
    fn default() -> Self {
        let zero = Duration::ZERO;
        Self {
            limit: None,
            remaining: None,
            reset_at: zero,
            in_flight: 0,
            cost: 1,
            next_at: zero,
            refused_until: zero,
        }
    }
}

impl Pool {
    pub(crate) fn gate(&self, thrift: &Thrift, now: Duration) -> Gate {
        if now < self.refused_until {
            return Gate::Held(Hold::new(Limit::Quota, self.refused_until));
        }
        let Some(usable) = self.usable(thrift, now) else { return Gate::Open };
        if usable < self.cost {
            let is_kept = self.remaining.is_some_and(|remaining| remaining >= self.cost);
            let limit = if is_kept { Limit::Reserve } else { Limit::Quota };
            return Gate::Held(Hold::new(limit, self.reset_at));
        }
        match usable / self.cost {
            requests if requests <= self.in_flight => Gate::Busy,
            _ if self.is_last(thrift, usable) && now < self.next_at => {
                let (until, limit) = (self.next_at, Limit::Spread);
                Gate::Held(Hold { until, limit, end: self.reset_at })
            }
            _ => Gate::Open,
        }
    }

    /// Requests that are left a second until the reset; a quota that nobody told is a full one.
    pub(crate) fn plenty(&self, thrift: &Thrift, now: Duration) -> f64 {
        self.usable(thrift, now).map_or(f64::INFINITY, |usable| {
            let requests = (usable / self.cost).saturating_sub(self.in_flight);
            requests as f64 / (self.reset_at - now).as_secs_f64()
        })
    }

    pub(crate) fn take(&mut self, thrift: &Thrift, now: Duration) {
        if let Some(usable) = self.usable(thrift, now).filter(|it| self.is_last(thrift, *it)) {
            let requests = (usable / self.cost).saturating_sub(self.in_flight).max(1);
            let gap = (self.reset_at - now).div_f64(requests as f64).min(thrift.widest);
            self.next_at = now + gap;
        }
        self.in_flight += 1;
    }

    pub(crate) fn give_back(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Answers overtake each other: within a window only the lowest count is true, and an older
    /// window says nothing.
    pub(crate) fn record(&mut self, reading: &Reading, now: Duration) {
        const SLACK: Duration = Duration::from_secs(5);
        let reset_at = now + reading.reset_in;
        let running = self.remaining.filter(|_| now < self.reset_at);
        match running {
            Some(_) if reset_at + SLACK < self.reset_at => return,
            Some(known) if reset_at <= self.reset_at + SLACK => {
                self.remaining = Some(known.min(reading.remaining));
            }
            _ => {
                self.remaining = Some(reading.remaining);
                self.reset_at = reset_at;
                self.next_at = now;
            }
        }
        self.limit = reading.limit.or(self.limit);
    }

    /// Nothing may go until then.
    pub(crate) fn block(&mut self, until: Duration) {
        self.refused_until = self.refused_until.max(until);
    }

    /// A request took so much.
    pub(crate) fn costs(&mut self, cost: u64) {
        self.cost = cost.max(1);
    }

    /// What may be used until the reset; none if that is not known.
    fn usable(&self, thrift: &Thrift, now: Duration) -> Option<u64> {
        let remaining = self.remaining.filter(|_| now < self.reset_at)?;
        Some(remaining.saturating_sub(thrift.reserve.of(self.limit)))
    }

    fn is_last(&self, thrift: &Thrift, usable: u64) -> bool {
        let whole = self.limit.map(|limit| limit - thrift.reserve.of(self.limit).min(limit));
        whole.is_some_and(|whole| usable.saturating_mul(LAST) < whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THRIFT: Thrift = Thrift { reserve: Reserve::NONE, widest: Duration::MAX };

    fn reading(limit: u64, remaining: u64, reset_in: u64) -> Reading {
        let reset_in = Duration::from_secs(reset_in);
        Reading { limit: Some(limit), remaining, resource: None, reset_in, odd: false }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn held(limit: Limit, until: u64) -> Gate {
        Gate::Held(Hold::new(limit, at(until)))
    }

    #[test]
    fn a_pool_opens_by_what_was_told_last_and_what_is_in_flight() {
        let check = |told: &[(u64, u64, u64)], in_flight, now, want: Gate| {
            let mut pool = Pool { in_flight, ..Pool::default() };
            for (moment, remaining, reset_in) in told {
                pool.record(&reading(10, *remaining, *reset_in), at(*moment));
            }
            assert_eq!(pool.gate(&THRIFT, at(now)), want, "{told:?} {in_flight} at {now}");
        };
        check(&[], 99, 0, Gate::Open);
        check(&[(0, 5, 60)], 4, 1, Gate::Open);
        check(&[(0, 5, 60)], 5, 1, Gate::Busy);
        check(&[(0, 0, 60)], 0, 1, held(Limit::Quota, 60));
        check(&[(0, 0, 60)], 9, 60, Gate::Open);
        // Answers overtake each other within a window ...
        check(&[(0, 0, 60), (1, 3, 59)], 0, 2, held(Limit::Quota, 60));
        // ... and a late one of the last window changes nothing in this one.
        check(&[(0, 0, 60), (61, 9, 60), (62, 0, 1)], 0, 64, Gate::Open);
        check(&[(0, 0, 60), (61, 9, 60)], 0, 62, Gate::Open);
        let mut refused = Pool::default();
        refused.block(at(90));
        refused.block(at(30));
        refused.record(&reading(10, 9, 600), at(0));
        assert_eq!(refused.gate(&THRIFT, at(89)), held(Limit::Quota, 90));
        assert_eq!(refused.gate(&THRIFT, at(90)), Gate::Open);
    }

    #[test]
    fn what_is_left_for_others_is_as_if_it_were_spent() {
        let check = |reserve, remaining, in_flight, want| {
            let mut pool = Pool { in_flight, ..Pool::default() };
            pool.record(&reading(100, remaining, 60), at(0));
            let thrift = Thrift { reserve, ..THRIFT };
            assert_eq!(pool.gate(&thrift, at(1)), want, "{reserve:?} of {remaining}");
        };
        check(Reserve::Percent(10), 30, 19, Gate::Open);
        check(Reserve::Percent(10), 30, 20, Gate::Busy);
        check(Reserve::Percent(10), 10, 0, held(Limit::Reserve, 60));
        check(Reserve::Requests(7), 7, 0, held(Limit::Reserve, 60));
        check(Reserve::Requests(7), 0, 0, held(Limit::Quota, 60));
        check(Reserve::Requests(7), 8, 0, Gate::Open);
    }

    #[test]
    fn the_last_tenth_is_spread_evenly_until_the_reset() {
        let check = |widest: u64, want: &[u64]| {
            let thrift = Thrift { widest: at(widest), ..THRIFT };
            let mut pool = Pool::default();
            pool.record(&reading(60, 6, 100), at(0));
            let (mut sent, mut left) = (Vec::new(), 6);
            for now in 0..100 {
                while pool.gate(&thrift, at(now)) == Gate::Open {
                    pool.take(&thrift, at(now));
                    left -= 1;
                    pool.record(&reading(60, left, 100 - now), at(now));
                    pool.give_back();
                    sent.push(now);
                }
            }
            assert_eq!(sent, want, "{widest}");
            assert_eq!(pool.gate(&thrift, at(99)), held(Limit::Quota, 100));
            assert_eq!(pool.gate(&thrift, at(100)), Gate::Open);
        };
        // The sixth is the first that is one of the last.
        check(1_000, &[0, 0, 20, 40, 60, 80]);
        check(10, &[0, 0, 10, 20, 30, 40]);
        check(0, &[0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_pool_of_points_lets_as_many_requests_go_as_it_has_points_for() {
        let mut pool = Pool::default();
        pool.record(&reading(100, 35, 60), at(0));
        pool.costs(10);
        let mut sent = 0;
        while pool.gate(&THRIFT, at(1)) == Gate::Open {
            pool.take(&THRIFT, at(1));
            sent += 1;
        }
        assert_eq!((sent, pool.gate(&THRIFT, at(1))), (3, Gate::Busy));
        pool.record(&reading(100, 5, 59), at(1));
        assert_eq!(pool.gate(&THRIFT, at(1)), held(Limit::Quota, 60), "5 points buy nothing");
    }

    #[test]
    fn more_a_second_until_the_reset_is_more_plenty() {
        let plenty = |remaining, reset_in| {
            let mut pool = Pool::default();
            pool.record(&reading(5_000, remaining, reset_in), at(0));
            pool.plenty(&THRIFT, at(0))
        };
        assert!(plenty(100, 10) > plenty(4_000, 3_000));
        assert!(plenty(4_000, 3_000) > plenty(3_000, 3_000));
        assert!(Pool::default().plenty(&THRIFT, at(0)) > plenty(5_000, 1));
    }
}
