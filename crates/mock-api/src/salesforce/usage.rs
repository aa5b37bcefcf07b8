//! The requests of the day, and what else is limited.

use serde_json::{Map, Value, json};

use super::options::SalesforceOptions;

const DAY: u64 = 86_400;

/// How much of the day's requests is used.
#[derive(Debug)]
pub(super) struct Usage {
    limit: u64,
    used: u64,
    /// When the day began, in seconds of the epoch.
    since: u64,
}

impl Usage {
    pub(super) fn new(options: &SalesforceOptions, now: u64) -> Self {
        Self { limit: options.api_limit, used: options.api_used, since: now }
    }

    /// Counts a request; false if there is none left.
    pub(super) fn take(&mut self, now: u64) -> bool {
        if now.saturating_sub(self.since) >= DAY {
            self.since = now;
            self.used = 0;
        }
        let has_left = self.has_left();
        self.used += u64::from(has_left);
        has_left
    }

    /// Whether there is a request left.
    pub(super) fn has_left(&self) -> bool {
        self.used < self.limit
    }

    /// As a header of each answer tells it.
    pub(super) fn told(&self) -> String {
        format!("api-usage={}/{}", self.used, self.limit)
    }

    /// The answer of `/limits`; `jobs` were made today.
    pub(super) fn limits(&self, jobs: u64) -> Value {
        let mut limits = Map::new();
        let entries = [
            ("DailyApiRequests", self.limit, self.used),
            ("DailyAsyncApexExecutions", 250_000, 0),
            ("DailyBulkApiBatches", 15_000, 0),
            ("DailyBulkV2QueryFileStorageMB", 976_562, jobs),
            ("DailyBulkV2QueryJobs", 10_000, jobs),
            ("DailyStreamingApiEvents", 10_000, 0),
            ("DataStorageMB", 10_240, 1_024),
            ("FileStorageMB", 10_240, 1_024),
            ("HourlyODataCallout", 1_000, 0),
        ];
        for (name, most, used) in entries {
            let left = most.saturating_sub(used);
            limits.insert(name.to_owned(), json!({"Max": most, "Remaining": left}));
        }
        Value::Object(limits)
    }
}
