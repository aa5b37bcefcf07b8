//! What a run measures: requests, waits, records, bytes. Told as METRIC lines, each minute what is
//! new and at the end the rest.
//!
//! Names and shape are those of singer-python and singer-sdk where they have one
//! ([documentation](https://sdk.meltano.com/en/latest/implementation/logging.html)).

mod lines;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use singer_http::{Clock, Finished, Observer, Stats};

use crate::board::Board;
use crate::current;
use crate::logging;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::report::Report;
use crate::settings::MetricsLevel;

/// Collects measurements, and tells them at the level that the settings ask for.
pub(crate) struct Metrics {
    level: MetricsLevel,
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
}

/// What was measured.
#[derive(Debug, Default)]
struct Seen {
    /// Requests since the last lines.
    requests: BTreeMap<Endpoint, Timing>,
    /// Requests of the whole run, by stream.
    by_stream: BTreeMap<Arc<str>, u64>,
    /// When the last wait for something ends, on the clock, by what it is for.
    waits: BTreeMap<&'static str, Duration>,
    /// What the last lines told of counters, by metric and what it is of.
    told: BTreeMap<(&'static str, String), u64>,
}

/// What requests are told together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Endpoint {
    stream: Option<Arc<str>>,
    label: String,
    status: Option<u16>,
    succeeded: bool,
}

/// How long requests took.
#[derive(Clone, Copy, Debug, Default)]
struct Timing {
    count: u64,
    sum: Duration,
    max: Duration,
}

/// What is counted elsewhere while a run goes on.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) board: &'a Board,
    pub(crate) stats: &'a Stats,
}

impl Metrics {
    pub(crate) fn new(level: MetricsLevel, clock: Arc<dyn Clock>) -> Metrics {
        Metrics { level, clock, seen: Mutex::default() }
    }

    /// Tells what is new since the last time.
    pub(crate) fn tell(&self, counted: Counted<'_>) {
        let lines = self.seen().news(counted);
        lines.iter().for_each(|line| self.line(line));
    }

    /// Tells the rest, and how long everything took.
    pub(crate) fn finish(&self, counted: Counted<'_>, report: &Report, outcome: Outcome) {
        let mut lines = self.seen().news(counted);
        lines.extend(lines::durations(report, outcome, self.clock.elapsed()));
        lines.iter().for_each(|line| self.line(line));
    }

    /// How many requests were sent for a stream.
    pub(crate) fn requests(&self, stream: &str) -> u64 {
        self.seen().by_stream.get(stream).copied().unwrap_or_default()
    }

    /// What is waited for now, and how long that takes yet.
    pub(crate) fn waits(&self) -> Option<(&'static str, Duration)> {
        let now = self.clock.elapsed();
        let seen = self.seen();
        let left = seen.waits.iter().map(|(id, until)| (*id, until.saturating_sub(now)));
        left.filter(|(_, left)| !left.is_zero()).max_by_key(|(_, left)| *left)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, metric: &Value) {
        let level = if logging::is_screen_wanted() { MetricsLevel::Debug } else { self.level };
        match level {
            MetricsLevel::Info => tracing::info!(%metric, "METRIC"),
            MetricsLevel::Debug => tracing::debug!(%metric, "METRIC"),
        }
    }
}

impl Observer for Metrics {
    fn finished(&self, exchange: &Finished<'_>) {
        let place = current::place();
        if tracing::enabled!(tracing::Level::DEBUG) {
            let metric = lines::one_request(exchange, place.as_ref());
            tracing::debug!(%metric, "METRIC");
        }
        let stream = place.map(|place| place.stream);
        let mut seen = self.seen();
        if let Some(stream) = &stream {
            *seen.by_stream.entry(Arc::clone(stream)).or_default() += 1;
        }
        let endpoint = Endpoint {
            stream,
            label: exchange.label.to_owned(),
            status: exchange.status.map(|status| status.as_u16()),
            succeeded: exchange.succeeded,
        };
        let timing = seen.requests.entry(endpoint).or_default();
        timing.count += 1;
        timing.sum += exchange.duration;
        timing.max = timing.max.max(exchange.duration);
    }

    fn waiting(&self, id: &'static str, left: Duration) {
        let end = self.clock.elapsed().saturating_add(left);
        let mut seen = self.seen();
        let until = seen.waits.entry(id).or_default();
        *until = end.max(*until);
    }
}

#[cfg(test)]
mod tests {
    use singer_http::testing::ManualClock;

    use super::*;

    #[test]
    fn the_wait_that_ends_last_is_the_one_that_is_on() {
        let clock = ManualClock::at("2026-11-24T16:00:00Z");
        let metrics = Metrics::new(MetricsLevel::Info, Arc::new(clock.clone()));
        let seconds = Duration::from_secs;
        assert_eq!(metrics.waits(), None);
        metrics.waiting("RATE01", seconds(60));
        metrics.waiting("RATE01", seconds(30));
        metrics.waiting("API02", seconds(1));
        assert_eq!(metrics.waits(), Some(("RATE01", seconds(60))));
        clock.advance(seconds(59));
        assert_eq!(metrics.waits(), Some(("RATE01", seconds(1))));
        clock.advance(seconds(1));
        assert_eq!(metrics.waits(), None);
    }
}
