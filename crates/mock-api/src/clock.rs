//! The server's clock: the real time or a chosen instant, and what the admin added.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::DateTime;

/// A clock that runs from an instant on and can be put forward.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    base: SystemTime,
    is_still: bool,
    advanced: AtomicU64,
}

impl Clock {
    /// A clock that starts at `date` (seconds of the epoch), or at the real time; one that is still goes
    /// forward only when it is put forward.
    pub(crate) fn new(date: Option<u32>, is_still: bool) -> Self {
        let base = match date {
            Some(seconds) => UNIX_EPOCH + Duration::from_secs(seconds.into()),
            None => SystemTime::now(),
        };
        Self { started: Instant::now(), base, is_still, advanced: AtomicU64::new(0) }
    }

    pub(crate) fn now(&self) -> SystemTime {
        let advanced = Duration::from_secs(self.advanced.load(Ordering::Relaxed));
        let elapsed = if self.is_still { Duration::ZERO } else { self.started.elapsed() };
        self.base + elapsed + advanced
    }

    /// Seconds of the epoch.
    pub(crate) fn seconds(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.advanced.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// Waits for real time to pass: latency and stalls are what the server is asked to imitate.
#[expect(clippy::disallowed_methods, reason = "a server's slowness is real time")]
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Reads an instant (RFC 3339 or a date) as seconds of the epoch; what lies after 2106 is its end.
///
/// # Errors
/// The text is no instant after 1970.
pub(crate) fn parse_instant(text: &str) -> Result<u32, String> {
    // In a query a `+` arrives as a space.
    let text = text.replace(' ', "+");
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text };
    let instant = DateTime::parse_from_rfc3339(&full)
        .map_err(|_| format!("`{full}` is no instant (such as 2026-11-01T00:00:00Z)"))?;
    u32::try_from(instant.timestamp().min(u32::MAX.into()))
        .map_err(|_| format!("`{full}` cannot be used (after 1970)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_with_and_without_offset() {
        for (text, seconds) in [
            ("2026-11-01T00:00:00Z", Some(1_793_491_200)),
            ("2026-11-01", Some(1_793_491_200)),
            ("2026-11-01T01:00:00+01:00", Some(1_793_491_200)),
            ("2026-11-01T01:00:00 01:00", Some(1_793_491_200)),
            ("9999-12-31T23:59:59Z", Some(u32::MAX)),
            ("yesterday", None),
            ("1066-10-14T00:00:00Z", None),
        ] {
            assert_eq!(parse_instant(text).ok(), seconds, "{text}");
        }
    }

    #[test]
    fn a_clock_starts_where_it_is_told_and_can_be_put_forward() {
        let clock = Clock::new(Some(1_000), false);
        clock.advance(500);
        assert!((1_500..1_510).contains(&clock.seconds()));
        let still = Clock::new(Some(1_000), true);
        still.advance(500);
        assert_eq!(still.now(), UNIX_EPOCH + Duration::from_secs(1_500));
    }
}
