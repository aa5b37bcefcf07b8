//! What is left of the API's quotas, and when the next request may go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::kind::Limit;
use crate::reading::Reading;

/// What is left of one pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaLeft {
    /// The credential's label.
    pub credential: Arc<str>,
    /// The pool's name.
    pub resource: String,
    /// Requests a window, if told.
    pub limit: Option<u64>,
    /// Requests left, as last told.
    pub remaining: u64,
}

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// Once a request in flight has come back and told what is left.
    Busy,
    /// Not before this moment of the clock.
    Until(Duration),
}

#[derive(Debug, Default)]
struct Pool {
    limit: Option<u64>,
    remaining: Option<u64>,
    reset_at: Duration,
    in_flight: u64,
}

impl Pool {
    fn gate(&self, now: Duration) -> Gate {
        match self.remaining {
            None => Gate::Open,
            Some(_) if now >= self.reset_at => Gate::Open,
            Some(0) => Gate::Until(self.reset_at),
            Some(remaining) if remaining > self.in_flight => Gate::Open,
            Some(_) => Gate::Busy,
        }
    }

    /// Answers overtake each other: within a window only the lowest count is true, and an older
    /// window says nothing.
    fn record(&mut self, reading: &Reading, now: Duration) {
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
            }
        }
        self.limit = reading.limit.or(self.limit);
    }
}

type Key = (Arc<str>, String);

/// The limits of all credentials.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    state: Mutex<Quota>,
    returned: Notify,
}

#[derive(Debug, Default)]
struct Quota {
    pools: HashMap<Key, Pool>,
    /// Until when a credential must not be used at all, and why.
    pauses: HashMap<Arc<str>, Hold>,
}

/// A request must not go before `until`, a moment of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) until: Duration,
    pub(crate) limit: Limit,
}

impl Quota {
    fn pause(&self, credential: &Arc<str>, now: Duration) -> Option<Hold> {
        self.pauses.get(credential).copied().filter(|hold| now < hold.until)
    }
}

impl Quotas {
    fn state(&self) -> MutexGuard<'_, Quota> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves a request of the pool, or says how long it must not go. Waits itself while the
    /// rest of the pool is in flight.
    pub(crate) async fn reserve(
        &self,
        credential: &Arc<str>,
        resource: &str,
        now: impl Fn() -> Duration,
    ) -> Result<Reserved<'_>, Hold> {
        let key = (credential.clone(), resource.to_owned());
        loop {
            let returned = self.returned.notified();
            {
                let now = now();
                let mut state = self.state();
                if let Some(hold) = state.pause(credential, now) {
                    return Err(hold);
                }
                let pool = state.pools.entry(key.clone()).or_default();
                match pool.gate(now) {
                    Gate::Open => {
                        pool.in_flight += 1;
                        return Ok(Reserved { quotas: self, key });
                    }
                    Gate::Until(until) => return Err(Hold { until, limit: Limit::Quota }),
                    Gate::Busy => {}
                }
            }
            returned.await;
        }
    }

    pub(crate) fn left(&self) -> Vec<QuotaLeft> {
        let known = |((credential, resource), pool): (&Key, &Pool)| {
            Some(QuotaLeft {
                credential: credential.clone(),
                resource: resource.clone(),
                limit: pool.limit,
                remaining: pool.remaining?,
            })
        };
        let mut left: Vec<_> = self.state().pools.iter().filter_map(known).collect();
        left.sort_by(|a, b| (&a.credential, &a.resource).cmp(&(&b.credential, &b.resource)));
        left
    }
}

/// A request of a pool that is in flight, until dropped.
#[derive(Debug)]
pub(crate) struct Reserved<'a> {
    quotas: &'a Quotas,
    key: Key,
}

impl Reserved<'_> {
    /// Takes note of what the answer tells.
    pub(crate) fn record(&self, reading: &Reading, now: Duration) {
        let resource = reading.resource.as_ref().unwrap_or(&self.key.1).clone();
        let mut state = self.quotas.state();
        state.pools.entry((self.key.0.clone(), resource)).or_default().record(reading, now);
    }

    /// Nothing is left of the pool until then, whatever name the answer gave it.
    pub(crate) fn block(&self, until: Duration) {
        let mut state = self.quotas.state();
        let pool = state.pools.entry(self.key.clone()).or_default();
        pool.remaining = Some(0);
        pool.reset_at = pool.reset_at.max(until);
    }

    /// The credential must not be used for anything until then.
    pub(crate) fn pause(&self, hold: Hold) {
        let mut state = self.quotas.state();
        let pause = state.pauses.entry(self.key.0.clone()).or_insert(hold);
        if pause.until < hold.until {
            *pause = hold;
        }
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(pool) = self.quotas.state().pools.get_mut(&self.key) {
            pool.in_flight = pool.in_flight.saturating_sub(1);
        }
        self.quotas.returned.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(remaining: u64, reset_in: u64) -> Reading {
        let reset_in = Duration::from_secs(reset_in);
        Reading { limit: Some(10), remaining, resource: None, reset_in, odd: false }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_pool_opens_by_what_was_told_last_and_what_is_in_flight() {
        let check = |told: &[(u64, u64, u64)], in_flight, now, want: Gate| {
            let mut pool = Pool { in_flight, ..Pool::default() };
            for (moment, remaining, reset_in) in told {
                pool.record(&reading(*remaining, *reset_in), at(*moment));
            }
            assert_eq!(pool.gate(at(now)), want, "{told:?} {in_flight} at {now}");
        };
        check(&[], 99, 0, Gate::Open);
        check(&[(0, 5, 60)], 4, 1, Gate::Open);
        check(&[(0, 5, 60)], 5, 1, Gate::Busy);
        check(&[(0, 0, 60)], 0, 1, Gate::Until(at(60)));
        check(&[(0, 0, 60)], 9, 60, Gate::Open);
        // Answers overtake each other within a window ...
        check(&[(0, 0, 60), (1, 3, 59)], 0, 2, Gate::Until(at(60)));
        // ... and a late one of the last window changes nothing in this one.
        check(&[(0, 0, 60), (61, 9, 60), (62, 0, 1)], 0, 64, Gate::Open);
        check(&[(0, 0, 60), (61, 9, 60)], 0, 62, Gate::Open);
    }

    #[tokio::test]
    async fn the_last_request_of_a_window_is_sent_once() {
        let quotas = Quotas::default();
        let credential = Arc::from("env TOKEN");
        let now = || at(0);
        let first = quotas.reserve(&credential, "core", now).await.unwrap();
        first.record(&reading(1, 60), now());
        drop(first);
        let last = quotas.reserve(&credential, "core", now).await.unwrap();
        let other = quotas.reserve(&credential, "core", now);
        tokio::pin!(other);
        tokio::select! {
            biased;
            got = &mut other => panic!("sent beyond the quota: {got:?}"),
            () = tokio::task::yield_now() => {}
        }
        assert!(quotas.reserve(&credential, "search", now).await.is_ok(), "other pools are free");
        last.record(&reading(0, 60), now());
        drop(last);
        let hold = other.await.unwrap_err();
        assert_eq!(hold, Hold { until: at(60), limit: Limit::Quota });
        let left = quotas.left();
        assert_eq!(
            (left[0].resource.as_str(), left[0].limit, left[0].remaining),
            ("core", Some(10), 0)
        );
    }

    #[tokio::test]
    async fn a_pause_holds_every_pool_of_its_credential() {
        let quotas = Quotas::default();
        let (one, two) = (Arc::from("one"), Arc::from("two"));
        let hold = Hold { until: at(60), limit: Limit::Secondary };
        let sent = quotas.reserve(&one, "core", || at(0)).await.unwrap();
        sent.pause(hold);
        sent.pause(Hold { until: at(30), ..hold });
        assert_eq!(quotas.reserve(&one, "search", || at(59)).await.unwrap_err(), hold);
        assert!(quotas.reserve(&two, "core", || at(59)).await.is_ok());
        assert!(quotas.reserve(&one, "core", || at(60)).await.is_ok());
    }
}
