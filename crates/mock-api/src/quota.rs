//! Quotas: pools of requests per credential that run out and are filled again, and a limit on bursts.

use std::collections::HashMap;
use std::sync::Mutex;

/// The window of the secondary limit, in seconds.
const BURST_WINDOW: u64 = 60;

/// A quota that a room declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Its name, as the API tells it.
    pub name: &'static str,
    /// Requests in a window.
    pub limit: u64,
    /// Seconds from the first request to the reset.
    pub window: u64,
}

/// Where a credential stands in a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The pool's name.
    pub pool: &'static str,
    /// Requests in a window.
    pub limit: u64,
    /// Requests that were counted in this window.
    pub used: u64,
    /// The end of the window, in seconds of the epoch.
    pub reset: u64,
}

impl Standing {
    /// Requests that are left in this window.
    pub fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// What became of the wish to send a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Granted(Standing),
    Spent(Standing),
    TooFast { standing: Standing, retry_after: u64 },
}

#[derive(Debug, Clone, Copy, Default)]
struct Window {
    used: u64,
    ends: u64,
}

impl Window {
    /// The window that holds at `now`; one that is over begins anew.
    fn at(self, now: u64, length: u64) -> Self {
        if now >= self.ends { Self { used: 0, ends: now + length } } else { self }
    }
}

/// The ledger of all credentials.
#[derive(Debug)]
pub(crate) struct Quotas {
    pools: Vec<Pool>,
    burst: Option<u64>,
    /// Limits of the first pool that belong to one credential.
    own: HashMap<String, u64>,
    windows: Mutex<HashMap<(String, &'static str), Window>>,
}

impl Quotas {
    pub(crate) fn new(pools: Vec<Pool>, burst: Option<u32>, own: HashMap<String, u64>) -> Self {
        Self { pools, burst: burst.map(u64::from), own, windows: Mutex::default() }
    }

    /// Counts a request of some cost, unless a limit forbids it.
    pub(crate) fn take(&self, credential: &str, pool: &'static str, cost: u64, now: u64) -> Taken {
        let pool = self.declared(credential, pool);
        let mut windows = self.windows.lock().expect("no holder of this lock panics");
        if let Some(limit) = self.burst {
            let burst = windows.entry((credential.to_owned(), "")).or_default();
            *burst = burst.at(now, BURST_WINDOW);
            if burst.used >= limit {
                let retry_after = burst.ends - now;
                let window = windows.get(&(credential.to_owned(), pool.name)).copied();
                let standing = stand(&pool, window.unwrap_or_default().at(now, pool.window));
                return Taken::TooFast { standing, retry_after };
            }
            burst.used += 1;
        }
        let window = windows.entry((credential.to_owned(), pool.name)).or_default();
        *window = window.at(now, pool.window);
        if window.used >= pool.limit {
            return Taken::Spent(stand(&pool, *window));
        }
        window.used += cost;
        Taken::Granted(stand(&pool, *window))
    }

    /// Takes a counted request back: it was answered without cost.
    pub(crate) fn give_back(
        &self,
        credential: &str,
        pool: &'static str,
        cost: u64,
        now: u64,
    ) -> Standing {
        let mut windows = self.windows.lock().expect("no holder of this lock panics");
        if let Some(window) = windows.get_mut(&(credential.to_owned(), pool)) {
            window.used = window.used.saturating_sub(cost);
        }
        drop(windows);
        self.peek(credential, pool, now)
    }

    pub(crate) fn peek(&self, credential: &str, pool: &'static str, now: u64) -> Standing {
        let pool = self.declared(credential, pool);
        let windows = self.windows.lock().expect("no holder of this lock panics");
        let window = windows.get(&(credential.to_owned(), pool.name)).copied().unwrap_or_default();
        stand(&pool, window.at(now, pool.window))
    }

    fn declared(&self, credential: &str, name: &'static str) -> Pool {
        let at = self.pools.iter().position(|pool| pool.name == name);
        let Some(at) = at else { return Pool { name, limit: u64::MAX, window: BURST_WINDOW } };
        let own = self.own.get(credential).filter(|_| at == 0).copied();
        Pool { limit: own.unwrap_or(self.pools[at].limit), ..self.pools[at] }
    }
}

fn stand(pool: &Pool, window: Window) -> Standing {
    Standing { pool: pool.name, limit: pool.limit, used: window.used, reset: window.ends }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotas(burst: Option<u32>) -> Quotas {
        let own = HashMap::from([("small".to_owned(), 1)]);
        Quotas::new(vec![Pool { name: "core", limit: 2, window: 100 }], burst, own)
    }

    #[test]
    fn a_pool_runs_out_for_one_credential_and_is_filled_at_its_reset() {
        let quotas = quotas(None);
        let left = |taken| match taken {
            Taken::Granted(standing) => Some(standing.remaining()),
            _ => None,
        };
        assert_eq!(left(quotas.take("a", "core", 1, 1_000)), Some(1));
        assert_eq!(left(quotas.take("a", "core", 1, 1_050)), Some(0));
        assert_eq!(left(quotas.take("a", "core", 1, 1_099)), None);
        assert_eq!(left(quotas.take("b", "core", 1, 1_099)), Some(1));
        assert_eq!(left(quotas.take("a", "core", 1, 1_100)), Some(1));
        assert_eq!(left(quotas.take("small", "core", 1, 1_100)), Some(0));
        assert_eq!(quotas.peek("a", "core", 1_100).reset, 1_200);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let quotas = quotas(None);
        quotas.take("a", "core", 1, 0);
        quotas.take("a", "core", 1, 0);
        assert_eq!(quotas.give_back("a", "core", 1, 0).remaining(), 1);
    }

    #[test]
    fn a_burst_is_refused_with_the_time_that_is_left() {
        let quotas = quotas(Some(1));
        quotas.take("a", "core", 1, 10);
        assert!(matches!(
            quotas.take("a", "core", 1, 30),
            Taken::TooFast { retry_after: 40, standing: Standing { used: 1, .. } }
        ));
    }
}
