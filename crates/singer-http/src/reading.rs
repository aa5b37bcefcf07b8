//! What one answer tells of a quota.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderMap;

use crate::rules::QuotaHeaders;

const SHORTEST: i64 = 1;
const LONGEST: i64 = 3600;
const UNTOLD: Duration = Duration::from_secs(60);

/// What one answer tells of a quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) limit: Option<u64>,
    pub(crate) remaining: u64,
    pub(crate) resource: Option<String>,
    /// Until the reset, 1 s to 1 h.
    pub(crate) reset_in: Duration,
    /// Whether the header had no sensible reset, so that `reset_in` is a guess.
    pub(crate) odd: bool,
}

impl Reading {
    /// Reads the headers of an answer; `now` is the server's time if it is known.
    pub(crate) fn of(
        names: &QuotaHeaders,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.trim());
        let number = |name: &str| text(name)?.parse::<i64>().ok();
        let remaining = number(names.remaining)?;
        let reading = Self::told(remaining.max(0).unsigned_abs(), number(names.reset), now);
        let limit = number(names.limit).and_then(|limit| limit.try_into().ok());
        Some(Self { limit, resource: text(names.resource).map(str::to_owned), ..reading })
    }

    /// So much is left until `reset`, in seconds since 1970.
    pub(crate) fn told(remaining: u64, reset: Option<i64>, now: DateTime<Utc>) -> Self {
        let reset_in = reset.map(|reset| reset.saturating_sub(now.timestamp()));
        let odd = !reset_in.is_some_and(|wait| (-60..=LONGEST + 60).contains(&wait));
        let seconds = reset_in.map(|wait| wait.clamp(SHORTEST, LONGEST).unsigned_abs());
        let reset_in = seconds.map_or(UNTOLD, Duration::from_secs);
        Self { limit: None, remaining, resource: None, reset_in, odd }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::RULES;

    #[test]
    fn headers_that_make_no_sense_are_clamped_and_told() {
        let check = |values: [&str; 3], want: Option<(Option<u64>, u64, u64, bool)>| {
            let names = RULES.quota.unwrap();
            let mut headers = HeaderMap::new();
            for (name, value) in [names.limit, names.remaining, names.reset].into_iter().zip(values)
            {
                headers.insert(name, value.parse().unwrap());
            }
            let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
            let got = Reading::of(&names, &headers, now)
                .map(|it| (it.limit, it.remaining, it.reset_in.as_secs(), it.odd));
            assert_eq!(got, want, "{values:?}");
        };
        check(["5000", "12", "1000090"], Some((Some(5000), 12, 90, false)));
        check(["", "0", "1003600"], Some((None, 0, 3600, false)));
        check(["-1", "-1", "1000000"], Some((None, 0, 1, false)));
        check(["x", "1", "999999"], Some((None, 1, 1, false)));
        check(["1", "1", "0"], Some((Some(1), 1, 1, true)));
        check(["1", "1", "9223372036854775807"], Some((Some(1), 1, 3600, true)));
        check(["1", "1", "99999999999999999999"], Some((Some(1), 1, 60, true)));
        check(["1", "1", "1000090.5"], Some((Some(1), 1, 60, true)));
        check(["1", "many", "1000090"], None);
    }
}
