//! METRIC lines on stderr, in the form of singer-python.

use serde_json::{Value, json};
use singer_http::{Finished, Observer};

use crate::settings::MetricsLevel;

/// Writes METRIC lines, at the level that the settings ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metrics {
    level: MetricsLevel,
}

impl Metrics {
    pub(crate) fn new(level: MetricsLevel) -> Metrics {
        Metrics { level }
    }

    /// A count since the last line of the same name and tags.
    pub(crate) fn counter(self, metric: &str, value: u64, tags: Value) {
        self.line(&json!({"type": "counter", "metric": metric, "value": value, "tags": tags}));
    }

    /// A duration in seconds.
    pub(crate) fn timer(self, metric: &str, seconds: f64, tags: Value) {
        self.line(&json!({"type": "timer", "metric": metric, "value": seconds, "tags": tags}));
    }

    fn line(self, metric: &Value) {
        match self.level {
            MetricsLevel::Info => tracing::info!("METRIC: {metric}"),
            MetricsLevel::Debug => tracing::debug!("METRIC: {metric}"),
        }
    }
}

impl Observer for Metrics {
    fn finished(&self, exchange: &Finished<'_>) {
        let tags = json!({
            "endpoint": exchange.label,
            "http_status_code": exchange.status.map(|status| status.as_u16()),
            "status": if exchange.succeeded { "succeeded" } else { "failed" },
        });
        self.timer("http_request_duration", exchange.duration.as_secs_f64(), tags);
    }
}
