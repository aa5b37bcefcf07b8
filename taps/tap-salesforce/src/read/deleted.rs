//! Records that are gone from the recycle bin, too: only their identifiers are known.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, DurationRound as _, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::BoxFuture;
use singer_protocol::Cursor;
use singer_tap::{Error, Frame, PageSink, Scan, Source};

use super::lookup::{self, IDS};
use crate::api::Api;
use crate::auth::says;
use crate::object::{IS_DELETED, Object};

/// Seconds are ignored, and nothing is asked for of a minute or less.
const SHORTEST: TimeDelta = TimeDelta::minutes(2);

/// Reads which records of an object were deleted for good.
pub(crate) struct Deleted {
    object: Arc<Object>,
    api: Arc<Api>,
}

/// Deletions of some time:
/// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getdeleted.htm>.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    deleted_records: Vec<Gone>,
    latest_date_covered: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gone {
    id: String,
    deleted_date: String,
}

impl Deleted {
    pub(crate) fn new(object: Arc<Object>, api: Arc<Api>) -> Deleted {
        Deleted { object, api }
    }

    async fn read(&self, scan: &Scan<'_>, pages: &mut PageSink) -> Result<(), Error> {
        let Some(Cursor::Instant(from)) = scan.from else { return Ok(()) };
        let now = scan.client.now();
        let mut parts = vec![(whole_minute(*from), whole_minute(now))];
        while let Some((from, to)) = parts.pop() {
            if to - from < SHORTEST {
                return Ok(());
            }
            match self.told(scan, from, to).await {
                Ok(told) => {
                    self.push(scan, &told.deleted_records, pages).await?;
                    let until = instant(&told.latest_date_covered)?.min(to);
                    pages.reached(until).await?;
                    if until < to {
                        return Ok(());
                    }
                }
                Err(error) if says(&error, "EXCEEDED_ID_LIMIT") && to - from >= SHORTEST * 2 => {
                    let middle = whole_minute(from + (to - from) / 2);
                    parts.extend([(middle, to), (from, middle)]);
                }
                Err(error) if says(&error, "INVALID_REPLICATION_DATE") => {
                    tracing::warn!(
                        "[STATE08] Salesforce knows no more what of `{}` was deleted for good since {}: what was stays unmarked",
                        self.object.name,
                        from.to_rfc3339_opts(SecondsFormat::Secs, true)
                    );
                    return pages.reached(now).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn told(
        &self,
        scan: &Scan<'_>,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Told, Error> {
        let resource = format!("sobjects/{}/deleted/", self.object.name);
        let mut request = self.api.get(scan.client, &resource);
        for (name, at) in [("start", from), ("end", to)] {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            request.url.query_pairs_mut().append_pair(name, &at);
        }
        self.api.json(scan.client, &request).await
    }

    /// Pushes those that are in the recycle bin no more: the others are read whole, with their fields.
    async fn push(
        &self,
        scan: &Scan<'_>,
        gone: &[Gone],
        pages: &mut PageSink,
    ) -> Result<(), Error> {
        let object = &self.object;
        for gone in gone.chunks(IDS) {
            let ids: Vec<&str> = gone.iter().map(|one| one.id.as_str()).collect();
            let found: Vec<Value> =
                lookup::records(&self.api, object, scan, &[IS_DELETED], &ids).await?;
            let in_bin: HashSet<&str> =
                found.iter().filter_map(|record| record[object.id].as_str()).collect();
            let rows: Vec<Value> = gone
                .iter()
                .filter(|one| !in_bin.contains(one.id.as_str()))
                .map(|one| {
                    let mut row = json!({object.id: one.id, IS_DELETED: true});
                    if let Some(key) = &object.key {
                        row[key] = Value::from(one.deleted_date.as_str());
                    }
                    row
                })
                .collect();
            if !rows.is_empty() {
                let body = Value::from(rows).to_string();
                pages.push_body(body.as_bytes(), &Frame::list()).await?;
            }
        }
        Ok(())
    }
}

impl Source for Deleted {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { Deleted::read(self, &scan, pages).await })
    }
}

fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(SHORTEST / 2).unwrap_or(at)
}

/// An instant as Salesforce writes it, with an offset without a colon.
fn instant(text: &str) -> Result<DateTime<Utc>, Error> {
    let read = |form: &str| DateTime::parse_from_str(text, form).ok();
    read("%Y-%m-%dT%H:%M:%S%.f%z").map(|at| at.to_utc()).ok_or_else(|| Error::Page {
        what: "a list of deletions does not say up to when it is whole".to_owned(),
    })
}
