//! The settings of the tap, named as in singer-io's tap-stripe.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use singer_tap::{BaseUrl, Secret};

/// Which account is read, and with which key.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Config {
    /// Secret key of the API (`sk_…`), or a restricted one (`rk_…`) that may read what is selected and
    /// events.
    pub client_secret: Secret,
    /// The account that is read, where the key serves more than its own. Its id is in the column
    /// `stripe_account`.
    #[serde(default)]
    pub account_id: Option<String>,
    /// Connected accounts by id, each read on its own with bookmarks of its own. In place of
    /// `account_id`; the platform's own account may be one of them.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Where the API is. Every request goes there.
    #[serde(default = "defaults::api_url_base")]
    pub api_url_base: BaseUrl,
    /// Version of the API in which records are asked for; what it does not send is null.
    #[serde(default = "defaults::api_version")]
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$"))]
    #[schemars(extend("x-expected" = "a version such as 2022-11-15 or 2026-10-28.endive"))]
    pub api_version: String,
    /// Seconds before the bookmark from which each run reads again, for what Stripe shows late.
    #[serde(default = "defaults::lookback_window")]
    pub lookback_window: u64,
    /// Days of the first window in which a list is read; further ones grow and shrink with what
    /// they hold.
    #[serde(default = "defaults::date_window_size")]
    #[schemars(range(min = 0.01))]
    pub date_window_size: f64,
    /// Days of the first window in which events are read, at most 30.
    #[serde(default = "defaults::event_date_window_size")]
    #[schemars(range(min = 0.01))]
    pub event_date_window_size: f64,
    /// Write a row of key and `_sdc_deleted_at` alone for a deletion whose event does not carry the
    /// whole object. A target that replaces rows blanks the other columns then.
    #[serde(default)]
    pub emit_key_only_deletes: bool,
    /// Days of each interval for which a report is made. Summaries have a row for each of them.
    #[serde(default = "defaults::report_interval_days")]
    #[schemars(range(min = 1))]
    pub report_interval_days: u32,
    /// Days before today of which `billing_meter_event_summaries` reads the usage.
    #[serde(default = "defaults::meter_summary_days")]
    pub meter_summary_days: u64,
    /// Nested fields of each stream to keep.
    #[serde(default)]
    #[schemars(extend("x-ignored" = "fields are chosen in the catalog, nested ones too"))]
    pub whitelist_map: Option<String>,
}

impl Config {
    /// How long the first window of a list is.
    pub(crate) fn list_window(&self) -> Duration {
        days(self.date_window_size)
    }

    /// How long the first window of events is.
    pub(crate) fn event_window(&self) -> Duration {
        days(self.event_date_window_size.min(30.0))
    }

    /// How long the intervals of reports are.
    pub(crate) fn report_interval(&self) -> Duration {
        days(self.report_interval_days.into())
    }

    /// How far before its bookmark a stream is read again.
    pub(crate) fn lookback(&self) -> Duration {
        Duration::from_secs(self.lookback_window)
    }
}

fn days(days: f64) -> Duration {
    Duration::try_from_secs_f64(days * 86_400.0).unwrap_or(Duration::MAX)
}

mod defaults {
    use singer_tap::BaseUrl;

    pub(super) fn api_url_base() -> BaseUrl {
        BaseUrl::of("https://api.stripe.com")
    }
    pub(super) fn api_version() -> String {
        "2022-11-15".to_owned()
    }
    pub(super) fn report_interval_days() -> u32 {
        1
    }
    pub(super) fn meter_summary_days() -> u64 {
        30
    }
    pub(super) fn lookback_window() -> u64 {
        600
    }
    pub(super) fn date_window_size() -> f64 {
        30.0
    }
    pub(super) fn event_date_window_size() -> f64 {
        7.0
    }
}
