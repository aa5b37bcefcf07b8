//! Reports: Stripe is asked to make one for each interval, waited for, and its CSV read.

mod rows;
mod run;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use singer_http::BoxFuture;
use singer_protocol::Cursor;
use singer_tap::{Error, PageSink, Scan, Since, Source, Stream, Window, from_parent};

use crate::ask::{self, ACCOUNT};
use crate::config::Config;
use crate::resource::{key, partitions};

/// Data of a day is never there before the next one is over.
const LAG: Duration = Duration::from_secs(86_400);

/// A report as a stream.
#[derive(Clone, Copy)]
pub(crate) struct Report {
    /// The name of the stream.
    pub(crate) name: &'static str,
    /// What it holds, in a sentence or two.
    pub(crate) about: &'static str,
    /// The JSON Schema of its rows.
    pub(crate) schema: &'static str,
    /// The columns that identify a row.
    pub(crate) key: &'static [&'static str],
    /// Which report: <https://docs.stripe.com/reports/report-types>.
    pub(crate) kind: &'static str,
    /// Its rows are known by their number alone.
    pub(crate) is_numbered: bool,
}

impl Report {
    /// The stream that these settings make of it.
    pub(crate) fn stream(&self, config: &Config) -> Stream {
        let size = config.report_interval();
        let reader = Reader {
            kind: self.kind,
            is_numbered: self.is_numbered,
            size: TimeDelta::from_std(size).unwrap_or(TimeDelta::days(1)),
            available: Mutex::default(),
        };
        Stream::new(self.name)
            .about(self.about)
            .schema(self.schema)
            .key(key(self.key, true, config))
            .via(reader)
            .partitions(partitions(config))
            .incremental(rows::START, Since::Intervals { size })
            .lag(LAG)
            .transform([from_parent(ACCOUNT)])
            .selected_by_default(false)
    }
}

/// Reads one report.
struct Reader {
    kind: &'static str,
    is_numbered: bool,
    size: TimeDelta,
    /// From when to when there is data, by account.
    available: Mutex<HashMap<Option<String>, Available>>,
}

/// From when to when Stripe has data for a report, in seconds since 1970.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Available {
    data_available_start: i64,
    data_available_end: i64,
}

impl Source for Reader {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        sink: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let Some((from, to)) = scan.window.and_then(|window| self.interval(window)) else {
                let what = "a report is read without an interval".to_owned();
                return Err(Error::Bug { what });
            };
            let available = self.available(&scan).await?;
            if to.timestamp() <= available.data_available_start {
                return Ok(());
            }
            if to.timestamp() > available.data_available_end {
                sink.postpone();
                return Ok(());
            }
            let from = from.timestamp().max(available.data_available_start);
            let run = run::Run { kind: self.kind, from, to: to.timestamp() };
            let csv = run.csv(&scan).await?;
            rows::push(&csv, &run, self.is_numbered, sink).await
        })
    }
}

impl Reader {
    fn interval(&self, window: &Window) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let Some(Cursor::Instant(to)) = window.to else { return None };
        let from = match window.from {
            Some(Cursor::Instant(from)) => from,
            _ => to - self.size,
        };
        Some((from, to))
    }

    /// From when to when there is data; asked for once.
    async fn available(&self, scan: &Scan<'_>) -> Result<Available, Error> {
        let account = ask::account(scan).map(str::to_owned);
        let known = self.lock().get(&account).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let path = format!("/v1/reporting/report_types/{}", self.kind);
        let (json, _) = ask::json(scan, &ask::get(scan, &path, &path)?).await?;
        let available = ask::parse(&json)?;
        self.lock().insert(account, available);
        Ok(available)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Option<String>, Available>> {
        self.available.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
