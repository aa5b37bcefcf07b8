//! The settings that every tap has, read from the same config object as its own.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use singer_protocol::Flattening;

use crate::error::Problem;

/// The engine's part of a configuration.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// Read nothing with a replication key before this instant (RFC 3339, or a date); a bookmark
    /// takes its place. Streams without a replication key are read whole.
    #[serde(default)]
    pub start_date: Option<StartDate>,
    /// Read nothing with a replication key at or after this instant (RFC 3339, or a date): the end
    /// of a backfill. Streams without a replication key are read whole.
    #[serde(default)]
    pub end_date: Option<StartDate>,
    /// Write the version of a stream that is read whole with its records, and ACTIVATE_VERSION
    /// when all of it was read: targets that know it delete rows that are gone at the source.
    #[serde(default)]
    pub emit_activate_version_messages: bool,
    /// The User-Agent header. Give a contact address, as APIs ask for.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Partitions read side by side. With 1 the output is the same byte for byte on every run.
    #[serde(default = "defaults::concurrency")]
    #[schemars(range(min = 1, max = 64))]
    pub concurrency: usize,
    /// Bytes of encoded records that may wait for a slow target.
    #[serde(default = "defaults::max_bytes_in_flight")]
    #[schemars(range(min = 65_536))]
    pub max_bytes_in_flight: usize,
    /// Seconds that one request may take, its body included.
    #[serde(default = "defaults::request_timeout")]
    #[schemars(range(min = 1))]
    pub request_timeout: u64,
    /// Seconds to wait for a rate limit before the run ends with exit code 5; 0 never waits.
    #[serde(default = "defaults::max_wait")]
    pub max_wait: u64,
    /// Requests a second at most, whatever credential signs them. Fewer are sent where the API asks
    /// for it; the tap's own pace holds beside it, unless that is a guess for want of a told limit.
    #[serde(default)]
    #[schemars(range(min = 0.001))]
    pub max_requests_per_second: Option<f64>,
    /// Percent of each quota of the API that are left to others; by default what the tap declares.
    #[serde(default)]
    #[schemars(range(max = 50))]
    pub quota_reserve: Option<u8>,
    /// A file that keeps refresh tokens which the server replaces, so that the next run can log in;
    /// made if there is none, for its owner only. One run at a time uses it.
    #[serde(default)]
    pub token_store: Option<PathBuf>,
    /// The level of METRIC lines: `debug` hides them by default.
    #[serde(default)]
    pub metrics_log_level: MetricsLevel,
    /// The exit code of a run that read some partitions, streams or records and not others. With 0
    /// a scheduler goes on as after a whole run; what is missing is told all the same.
    #[serde(default = "defaults::partial_exit_code")]
    #[schemars(range(max = 125))]
    pub partial_exit_code: u8,
    /// Take an unknown setting for an error instead of a warning.
    #[serde(default)]
    pub strict_config: bool,
    /// Changes to streams, in singer-sdk's form: renamed, hashed, constant and dropped fields,
    /// `__filter__`, `__alias__`, `__else__`, `__key_properties__`; what is outside the documented
    /// part is refused.
    #[serde(default)]
    pub stream_maps: Map<String, Value>,
    /// Values that expressions of `stream_maps` read as `config['name']`.
    #[serde(default)]
    pub stream_map_config: Map<String, Value>,
    /// What becomes of a field that the API sends and the schema does not declare: `ignore` leaves
    /// it out and tells of it; `extra` keeps all such fields of a record, as JSON text, in the
    /// column `_sdc_extra`; `evolve` adds it to the schema; `fail` stops the stream.
    #[serde(default)]
    pub new_field: NewField,
    /// Where records go whose key or replication key is bad: `stream` is the stream `<tap>_rejects`,
    /// `file:PATH` a file of JSON lines that nobody else may read.
    #[serde(default)]
    pub rejects: RejectsTo,
    /// Whether the fields of nested objects become columns of their own; lists become JSON text.
    #[serde(default)]
    pub flattening_enabled: bool,
    /// How many levels of nested objects are flattened; `flattening_enabled` needs it.
    #[serde(default)]
    pub flattening_max_depth: Option<usize>,
    /// What stands between the names of a flattened path.
    #[serde(default = "defaults::flattening_separator")]
    #[schemars(length(min = 1))]
    pub flattening_separator: String,
    /// Flattened names of so many characters are shortened, as singer-sdk does it.
    #[serde(default = "defaults::flattening_max_key_length")]
    pub flattening_max_key_length: usize,
    /// Options of BATCH messages.
    #[serde(default)]
    #[schemars(with = "Map<String, Value>", extend("x-ignored" = "no BATCH messages are written"))]
    pub batch_config: IgnoredAny,
    /// Options of made-up values in `stream_maps`.
    #[serde(default)]
    #[schemars(with = "Map<String, Value>", extend("x-ignored" = "no values are made up"))]
    pub faker_config: IgnoredAny,
}

/// What becomes of a field that no schema declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewField {
    /// It is left out, and told once.
    #[default]
    Ignore,
    /// It is kept as text with others, in a column of their own.
    Extra,
    /// It gets a column of its own.
    Evolve,
    /// The stream ends.
    Fail,
}

/// Where rejected records go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RejectsTo {
    /// Into a stream of their own.
    #[default]
    Stream,
    /// To the end of this file.
    File(PathBuf),
}

impl<'de> Deserialize<'de> for RejectsTo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RejectsTo, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Ok(RejectsTo::File(path.into())),
            None if text == "stream" => Ok(RejectsTo::Stream),
            _ => Err(D::Error::custom("`rejects` is neither `stream` nor `file:PATH`")),
        }
    }
}

impl JsonSchema for RejectsTo {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RejectsTo".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "default": "stream",
            "x-expected": "`stream` or `file:PATH`",
            "pattern": "^(stream|file:.+)$"
        })
    }
}

/// The level of METRIC lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricsLevel {
    /// Shown by default.
    #[default]
    Info,
    /// Shown when the log level is `debug`.
    Debug,
}

impl<'de> Deserialize<'de> for MetricsLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MetricsLevel, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text.eq_ignore_ascii_case("debug") {
            MetricsLevel::Debug
        } else {
            MetricsLevel::Info
        })
    }
}

impl JsonSchema for MetricsLevel {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MetricsLevel".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "x-expected": "the name of a log level, such as `info` or `debug`",
            "pattern": "^(?i:debug|info|warning|error|critical)$"
        })
    }
}

impl Settings {
    /// The bound of one request, as a duration.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout)
    }

    /// How nested objects are flattened, if they are.
    pub(crate) fn flattening(&self) -> Result<Option<Flattening>, Problem> {
        let needed = || Problem {
            pointer: "/flattening_max_depth".to_owned(),
            message: "required with `flattening_enabled` (how many levels of objects to flatten)"
                .to_owned(),
        };
        if !self.flattening_enabled {
            return Ok(None);
        }
        Ok(Some(Flattening {
            max_depth: self.flattening_max_depth.ok_or_else(needed)?,
            separator: self.flattening_separator.clone(),
            max_key_length: self.flattening_max_key_length,
        }))
    }

    /// The bound of one wait for a rate limit, as a duration.
    pub fn max_wait(&self) -> Duration {
        Duration::from_secs(self.max_wait)
    }
}

mod defaults {
    pub(super) fn concurrency() -> usize {
        8
    }
    pub(super) fn max_bytes_in_flight() -> usize {
        4 << 20
    }
    pub(super) fn request_timeout() -> u64 {
        300
    }
    pub(super) fn flattening_separator() -> String {
        "__".to_owned()
    }
    pub(super) fn flattening_max_key_length() -> usize {
        255
    }
    pub(super) fn partial_exit_code() -> u8 {
        crate::outcome::Outcome::Partial.code()
    }
    /// More than GitHub's window of an hour.
    pub(super) fn max_wait() -> u64 {
        65 * 60
    }
}

impl Settings {
    /// Tells where nothing can lie between the dates.
    pub(crate) fn tell_empty_span(&self, now: DateTime<Utc>) {
        let Some(StartDate(start)) = self.start_date else { return };
        let what = match self.end_date {
            Some(StartDate(end)) if end <= start => "`end_date` is not after `start_date`",
            _ if start > now => "`start_date` lies in the future",
            _ => return,
        };
        tracing::warn!("[CFG10] {what}; nothing with a replication key is read");
    }
}

/// An instant to start from: RFC 3339, or a date, which means its midnight in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartDate(pub DateTime<Utc>);

impl StartDate {
    fn parse(text: &str) -> Option<StartDate> {
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(StartDate(instant.to_utc()));
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(StartDate(date.and_time(NaiveTime::MIN).and_utc()))
    }
}

impl<'de> Deserialize<'de> for StartDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StartDate, D::Error> {
        let text = String::deserialize(deserializer)?;
        StartDate::parse(&text).ok_or_else(|| {
            D::Error::custom("neither RFC 3339 (2026-01-31T00:00:00Z) nor a date (2026-01-31)")
        })
    }
}

impl JsonSchema for StartDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StartDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "x-expected": "a date-time (2026-01-31T00:00:00Z) or a date (2026-01-31)",
            "x-kind": "date",
            "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_date_is_an_instant_or_the_midnight_of_a_date() {
        let check = |text: &str, expected: Option<&str>| {
            let parsed = StartDate::parse(text).map(|start| start.0.to_rfc3339());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        };
        check("2026-01-31T12:00:00+02:00", Some("2026-01-31T10:00:00+00:00"));
        check("2026-01-31", Some("2026-01-31T00:00:00+00:00"));
        check("31.1.2026", None);
        check("2026-02-30", None);
    }

    #[test]
    fn every_setting_has_a_default() {
        let settings: Settings = serde_json::from_str("{}").expect("all settings are optional");
        assert_eq!((settings.concurrency, settings.max_wait), (8, 3_900));
    }
}
