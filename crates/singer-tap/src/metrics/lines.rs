//! METRIC lines: what each is called, and what it is of.

use std::time::Duration;

use serde_json::{Map, Value, json};
use singer_http::Finished;

use super::{Counted, Endpoint, Seen, Timing};
use crate::current::Place;
use crate::outcome::Outcome;
use crate::report::Report;

const RECORD_COUNT: &str = "record_count";

impl Seen {
    /// What is new since the last time this was asked.
    pub(super) fn news(&mut self, counted: Counted<'_>) -> Vec<Value> {
        let mut lines = Vec::new();
        for (endpoint, timing) in std::mem::take(&mut self.requests) {
            lines.extend(requests(&endpoint, timing));
        }
        for (at, planned) in counted.plan.streams().iter().enumerate() {
            let (name, live) = (planned.stream.name(), counted.board.stream(at));
            let counts = [
                (RECORD_COUNT, &live.records),
                ("reject_count", &live.rejected),
                ("misfit_count", &live.misfits),
                ("undeclared_count", &live.undeclared),
            ];
            // What is read for its children only has no records to speak of.
            for (metric, count) in counts.into_iter().filter(|_| planned.selected) {
                let tags = [("stream", Value::from(name))];
                lines.extend(self.counter(metric, name, count.get(), tags));
            }
        }
        let stats = counted.stats;
        lines.extend(self.counter("http_retry_count", "", stats.retries, []));
        for (form, bytes) in [("wire", stats.wire), ("decoded", stats.decoded)] {
            lines.extend(self.counter("http_bytes", form, bytes, [("form", Value::from(form))]));
        }
        lines.extend(self.counter("state_bytes", "", counted.board.state_bytes().get(), []));
        for wait in &stats.waits_by {
            let tags = [("limit", Value::from(wait.id))];
            lines.extend(self.counter("wait_seconds", wait.id, wait.waited.as_secs(), tags));
        }
        lines.extend(stats.quotas.iter().map(|quota| {
            let tags = [
                ("credential", Value::from(&*quota.credential)),
                ("resource", Value::from(quota.resource.as_str())),
                ("quota", Value::from(quota.limit)),
            ];
            line("gauge", "quota_left", quota.remaining.into(), tags)
        }));
        lines
    }

    /// A count since the last line of this metric of the same thing, if there is one.
    fn counter<const N: usize>(
        &mut self,
        metric: &'static str,
        of: &str,
        total: u64,
        tags: [(&str, Value); N],
    ) -> Option<Value> {
        let before = self.told.insert((metric, of.to_owned()), total);
        let new = total.saturating_sub(before.unwrap_or_default());
        // That a stream has no records is news, once.
        let is_news = new > 0 || (before.is_none() && metric == RECORD_COUNT);
        is_news.then(|| line("counter", metric, new.into(), tags))
    }
}

/// The requests of an endpoint: how many, and how long they took on average, together, at most.
fn requests(endpoint: &Endpoint, timing: Timing) -> [Value; 2] {
    let tags = || {
        [
            ("stream", Value::from(endpoint.stream.as_deref())),
            ("endpoint", Value::from(endpoint.label.as_str())),
            ("http_status_code", Value::from(endpoint.status)),
            ("status", Value::from(status(endpoint.succeeded))),
        ]
    };
    let mean = timing.sum.as_secs_f64() / timing.count.max(1) as f64;
    let mut duration = line("timer", "http_request_duration", seconds(mean), tags());
    duration["count"] = timing.count.into();
    duration["sum"] = seconds(timing.sum.as_secs_f64());
    duration["max"] = seconds(timing.max.as_secs_f64());
    [line("counter", "http_request_count", timing.count.into(), tags()), duration]
}

/// One request, for the debug level.
pub(super) fn one_request(exchange: &Finished<'_>, place: Option<&Place>) -> Value {
    let tags = [
        ("stream", Value::from(place.map(|place| &*place.stream))),
        ("context", Value::from(place.and_then(|place| place.partition.as_deref()))),
        ("endpoint", Value::from(exchange.label)),
        ("http_status_code", Value::from(exchange.status.map(|status| status.as_u16()))),
        ("status", Value::from(status(exchange.succeeded))),
    ];
    line("timer", "http_request_duration", seconds(exchange.duration.as_secs_f64()), tags)
}

/// How long each stream took, and all.
pub(super) fn durations(report: &Report, outcome: Outcome, all: Duration) -> Vec<Value> {
    let of_stream = |(is_ok, stream): (bool, &crate::report::StreamReport)| {
        let tags =
            [("stream", Value::from(stream.name.as_str())), ("status", Value::from(status(is_ok)))];
        line("timer", "sync_duration", seconds(stream.took.as_secs_f64()), tags)
    };
    let mut lines: Vec<Value> = report.verdicts(outcome).map(of_stream).collect();
    let tags = [
        ("job_type", Value::from("sync")),
        ("status", Value::from(status(outcome == Outcome::Ok))),
    ];
    lines.push(line("timer", "job_duration", seconds(all.as_secs_f64()), tags));
    lines
}

fn status(succeeded: bool) -> &'static str {
    if succeeded { "succeeded" } else { "failed" }
}

/// Seconds to the millisecond.
fn seconds(seconds: f64) -> Value {
    Value::from((seconds * 1_000.0).round() / 1_000.0)
}

fn line<const N: usize>(kind: &str, metric: &str, value: Value, tags: [(&str, Value); N]) -> Value {
    let mut all: Map<String, Value> = tags
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    all.insert("pid".to_owned(), std::process::id().into());
    json!({"type": kind, "metric": metric, "value": value, "tags": all})
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn without_pid(mut line: Value) -> Value {
        let tags = line["tags"].as_object_mut().expect("tags are an object");
        assert!(tags.remove("pid").is_some(), "each line names the process");
        line
    }

    #[test]
    fn requests_of_an_endpoint_are_told_together() {
        let endpoint = Endpoint {
            stream: Some(Arc::from("issues")),
            label: "/issues".to_owned(),
            status: Some(200),
            succeeded: true,
        };
        let (sum, max) = (Duration::from_millis(900), Duration::from_millis(700));
        let [count, duration] = requests(&endpoint, Timing { count: 3, sum, max }).map(without_pid);
        let tags = json!({"stream": "issues", "endpoint": "/issues", "http_status_code": 200,
            "status": "succeeded"});
        let expected =
            json!({"type": "counter", "metric": "http_request_count", "value": 3, "tags": tags});
        assert_eq!(count, expected);
        assert_eq!(
            duration,
            json!({"type": "timer", "metric": "http_request_duration", "value": 0.3,
                "tags": tags, "count": 3, "sum": 0.9, "max": 0.7})
        );
    }

    #[test]
    fn a_counter_tells_what_is_new_and_of_records_that_there_are_none() {
        let mut seen = Seen::default();
        let mut check = |metric, total, new: Option<u64>| {
            let told = seen.counter(metric, "issues", total, []);
            assert_eq!(told.map(|line| line["value"].as_u64()), new.map(Some), "{total}");
        };
        check(RECORD_COUNT, 0, Some(0));
        check(RECORD_COUNT, 0, None);
        check("reject_count", 0, None);
        check("reject_count", 5, Some(5));
        check("reject_count", 5, None);
        check("reject_count", 7, Some(2));
    }
}
