//! What the requests of all objects share.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use singer_http::{Client, Kind, Request, Url};
use singer_tap::{Error, Reread};
use tokio::sync::Semaphore;

use crate::config::{ApiType, Config};

/// A query is long to Salesforce from 20 seconds on, of which few may run at the same time:
/// <https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm>.
const LONG_QUERIES: usize = 3;

/// The API of an org, as the settings want it used.
#[derive(Debug)]
pub(crate) struct Api {
    version: String,
    pub(crate) kind: ApiType,
    /// Turns of queries that may take long.
    pub(crate) queries: Semaphore,
    /// Bulk query jobs that may still be made today.
    bulk_jobs: AtomicU64,
}

/// What an org has left of a day's limits, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Limits {
    #[serde(rename = "DailyBulkV2QueryJobs")]
    bulk_jobs: Option<Limit>,
}

#[derive(Debug, Deserialize)]
struct Limit {
    #[serde(rename = "Max")]
    max: u64,
    #[serde(rename = "Remaining")]
    remaining: u64,
}

impl Api {
    /// The API, of which the first answer tells what is left of the day's limits.
    pub(crate) async fn open(config: &Config, client: &Client) -> Result<Api, Error> {
        let kind = match config.api_type {
            ApiType::Bulk => {
                tracing::warn!(
                    "[CFG09] `api_type` BULK is taken as BULK2: the older Bulk API is not used; set BULK2, or AUTO"
                );
                ApiType::Bulk2
            }
            kind => kind,
        };
        let version = config.api_version.clone();
        let (queries, bulk_jobs) = (Semaphore::new(LONG_QUERIES), AtomicU64::new(u64::MAX));
        let api = Api { version, kind, queries, bulk_jobs };
        let limits: Limits = match api.json(client, &api.get(client, "limits")).await {
            // It takes a permission of its own; each answer tells the requests of the day all the same.
            Err(Error::Http(error)) if *error.kind() == Kind::Forbidden => {
                tracing::debug!("the limits of the org are not known: {error}");
                Limits { bulk_jobs: None }
            }
            limits => limits?,
        };
        if let Some(Limit { max, remaining }) = limits.bulk_jobs {
            let kept = max as f64 * (100.0 - config.quota_percent_total) / 100.0;
            api.bulk_jobs.store(remaining.saturating_sub(kept as u64), Relaxed);
        }
        Ok(api)
    }

    /// Takes one of the day's Bulk jobs, if one is left.
    pub(crate) fn take_bulk_job(&self) -> bool {
        let take = |left: u64| match left {
            0 => None,
            u64::MAX => Some(u64::MAX),
            left => Some(left - 1),
        };
        self.bulk_jobs.fetch_update(Relaxed, Relaxed, take).is_ok()
    }

    /// Whether result pages may be had side by side.
    pub(crate) fn has_result_pages(&self) -> bool {
        self.version.parse().is_ok_and(|version: f64| version >= 58.0)
    }

    /// The version in which all is asked for, such as `62.0`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The address of a resource.
    pub(crate) fn url(&self, client: &Client, resource: &str) -> Url {
        let mut url = client.base().clone();
        let base = url.path().trim_end_matches('/');
        url.set_path(&format!("{base}/services/data/v{}/{resource}", self.version));
        url
    }

    /// A GET of a resource, which is its label too.
    pub(crate) fn get(&self, client: &Client, resource: &str) -> Request {
        let mut request = Request::get(self.url(client, resource));
        resource.clone_into(&mut request.label);
        request
    }

    /// Sends a request until its answer can be read, a few times.
    ///
    /// # Errors
    /// Those of the client, and [`Error::Body`].
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        client: &Client,
        request: &Request,
    ) -> Result<T, Error> {
        let mut tries = Reread::default();
        loop {
            let response = client.send(request).await?;
            match serde_json::from_slice(&response.body) {
                Ok(answer) => return Ok(answer),
                // What it says may be a record's.
                Err(error) => {
                    let what = format!("it is not as documented at column {}", error.column());
                    tries.after(Error::Body { what }, client, &request.label).await?;
                }
            }
        }
    }
}
