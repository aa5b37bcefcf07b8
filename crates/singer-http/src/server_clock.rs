//! The server's clock, as its answers tell it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, header};

use crate::clock::Clock;
use crate::retry_after::date;

/// More than this is worth telling.
const MOST_SKEW: TimeDelta = TimeDelta::seconds(60);
/// `Date` is cut to seconds and takes its time on the way: an answer that seems earlier by more is
/// from a clock that was set back.
const SLACK: TimeDelta = TimeDelta::seconds(5);

/// Runs on the time that passes here, set by what the server tells: whether the clock of this
/// computer is right does not matter, nor whether it is set meanwhile.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    /// The server's time when the client's clock began.
    zero: Mutex<Option<DateTime<Utc>>>,
    told: AtomicBool,
}

impl ServerClock {
    /// The server's time now; until it has told it, that of this computer. Never ahead of it.
    pub(crate) fn now(&self, clock: &dyn Clock) -> DateTime<Utc> {
        let zero = *self.zero.lock().unwrap_or_else(PoisonError::into_inner);
        zero.and_then(|zero| zero.checked_add_signed(passed(clock))).unwrap_or_else(|| clock.now())
    }

    /// Takes note of an answer's `Date`, unless a cache kept it. Gives how far this computer's
    /// clock is ahead, the first time that it is far off.
    pub(crate) fn hear(&self, headers: &HeaderMap, clock: &dyn Clock) -> Option<TimeDelta> {
        let date = date(headers).filter(|_| !headers.contains_key(header::AGE))?;
        let heard = date.checked_sub_signed(passed(clock))?;
        {
            let mut zero = self.zero.lock().unwrap_or_else(PoisonError::into_inner);
            let known = zero.filter(|known| (heard..=heard + SLACK).contains(known));
            *zero = Some(known.unwrap_or(heard));
        }
        let ahead = clock.now() - date;
        let is_news = ahead.abs() > MOST_SKEW && !self.told.swap(true, Relaxed);
        is_news.then_some(ahead)
    }
}

fn passed(clock: &dyn Clock) -> TimeDelta {
    let passed = clock.elapsed().min(Duration::from_secs(u32::MAX.into()));
    TimeDelta::from_std(passed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    const HERE: &str = "2026-11-24T16:00:00Z";

    fn headers(date: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, format!("Tue, 24 Nov 2026 {date} GMT").parse().unwrap());
        headers
    }

    #[test]
    fn the_servers_clock_runs_from_the_latest_it_told() {
        let check = |told: &[(u64, &str)], at: u64, want: &str| {
            let (clock, server) = (ManualClock::at(HERE), ServerClock::default());
            for (moment, date) in told {
                clock.advance(Duration::from_secs(*moment) - clock.elapsed());
                server.hear(&headers(date), &clock);
            }
            clock.advance(Duration::from_secs(at) - clock.elapsed());
            let now = server.now(&clock).format("%H:%M:%S").to_string();
            assert_eq!(now, want, "{told:?} at {at}");
        };
        check(&[], 10, "16:00:10");
        check(&[(5, "12:00:00")], 10, "12:00:05");
        // An answer that was long on the way changes nothing, one that was quicker does.
        check(&[(5, "12:00:00"), (9, "12:00:01")], 10, "12:00:05");
        check(&[(5, "12:00:00"), (9, "12:00:06")], 10, "12:00:07");
        // A clock that is set, there or here, is followed.
        check(&[(5, "12:00:00"), (9, "11:00:00")], 10, "11:00:01");
        check(&[(5, "12:00:00"), (9, "13:00:00")], 10, "13:00:01");
    }

    #[test]
    fn a_clock_that_is_far_off_is_news_once() {
        let check = |date: &str, want: Option<i64>| {
            let (clock, server) = (ManualClock::at(HERE), ServerClock::default());
            let heard = server.hear(&headers(date), &clock);
            assert_eq!(heard.map(|ahead| ahead.num_seconds()), want, "{date}");
            assert_eq!(server.hear(&headers(date), &clock), None, "{date}");
        };
        check("16:00:00", None);
        check("15:59:00", None);
        check("15:58:59", Some(61));
        check("16:01:01", Some(-61));
    }

    #[test]
    fn what_a_cache_kept_tells_no_time() {
        let (clock, server) = (ManualClock::at(HERE), ServerClock::default());
        let mut kept = headers("12:00:00");
        kept.insert(header::AGE, "14400".parse().unwrap());
        assert_eq!(server.hear(&kept, &clock), None);
        assert_eq!(server.now(&clock), clock.now());
    }
}
