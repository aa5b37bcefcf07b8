//! The settings of the tap, named as in singer-io's and MeltanoLabs' tap-salesforce.

use std::time::Duration;

use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use singer_tap::{BaseUrl, Secret};

/// Which org is read, as whom, and how.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Config {
    /// How the tap logs in. Without it: by `refresh_token`, else by `private_key`, else by `username` and
    /// `password`, else by the client's own credentials, whichever is given.
    #[serde(default)]
    #[schemars(with = "AuthFlow")]
    pub auth_flow: Option<AuthFlow>,
    /// Consumer key of the connected app, or of the external client app.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Its consumer secret.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// Refresh token. Where the app replaces it at each use, `token_store` keeps the next one.
    #[serde(default)]
    pub refresh_token: Option<Secret>,
    /// The user as whom the tap logs in, with `password` or `private_key`.
    #[serde(default)]
    pub username: Option<String>,
    /// The user's password. With `client_id` and `client_secret` the tap logs in by OAuth, without them by
    /// SOAP as other taps do, which Salesforce ends in Summer '27.
    #[serde(default)]
    pub password: Option<Secret>,
    /// The user's security token, which is put behind the password.
    #[serde(default)]
    pub security_token: Option<Secret>,
    /// Private RSA key (PEM) of the certificate that the app knows, to log in by JWT.
    #[serde(default)]
    pub private_key: Option<Secret>,
    /// Log in at test.salesforce.com instead of login.salesforce.com.
    #[serde(default)]
    pub is_sandbox: bool,
    /// My Domain to log in at: `acme`, `acme--dev.sandbox.my`, or the whole host name. Needed for the
    /// client's own credentials.
    #[serde(default)]
    pub domain: Option<String>,
    /// The same as a whole address; a proxy or a stand-in, too. Where the API itself is comes with the login.
    #[serde(default)]
    pub instance_url: Option<BaseUrl>,
    /// How records are read: `AUTO` takes REST for few records and Bulk API 2.0 for many, object by object,
    /// which changes neither streams nor fields. `BULK` is taken as `BULK2`.
    #[serde(default)]
    pub api_type: ApiType,
    /// Version of the API.
    #[serde(default = "defaults::api_version")]
    #[schemars(regex(pattern = r"^(4[7-9]|[5-9]\d)\.0$"))]
    #[schemars(extend("x-expected" = "a version from 47.0 on, such as 62.0"))]
    pub api_version: String,
    /// Whether all fields of a selected stream are read that the catalog says nothing of.
    #[serde(default = "defaults::select_fields_by_default")]
    pub select_fields_by_default: bool,
    /// Names of the objects to discover, instead of all; they are read when no catalog says otherwise.
    #[serde(default)]
    pub streams_to_discover: Vec<String>,
    /// Stop (exit code 5) once so many percent of the org's requests of the day are used, by whomever.
    #[serde(default = "defaults::quota_percent_total")]
    #[schemars(range(min = 0, max = 100))]
    pub quota_percent_total: f64,
    /// Stop (exit code 5) once this run has used so many percent of the org's requests of a day.
    #[serde(default = "defaults::quota_percent_per_run")]
    #[schemars(range(min = 0, max = 100))]
    pub quota_percent_per_run: f64,
    /// Seconds before the bookmark from which each run reads again, for what Salesforce shows late.
    #[serde(default = "defaults::lookback_window")]
    pub lookback_window: u64,
    /// Write a row of key and `_sdc_deleted_at` alone for records that are gone from the recycle bin, too. A
    /// target that replaces rows blanks the other columns then.
    #[serde(default)]
    pub emit_key_only_deletes: bool,
    /// Records between two STATE messages.
    #[serde(default)]
    #[schemars(with = "Option<u64>", extend("x-ignored" = "STATE is written after each page, spaced by size and time"))]
    pub state_message_threshold: IgnoredAny,
    /// Threads.
    #[serde(default)]
    #[schemars(with = "Option<u64>", extend("x-ignored" = "`concurrency` says how many objects are read side by side"))]
    pub max_workers: IgnoredAny,
}

/// The ways to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthFlow {
    /// By a refresh token.
    RefreshToken,
    /// By the app's own credentials.
    ClientCredentials,
    /// By a JWT that the tap signs.
    JwtBearer,
    /// By user and password.
    Password,
}

/// The APIs that give records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum ApiType {
    /// Whichever takes fewer requests.
    #[default]
    #[serde(rename = "AUTO")]
    Auto,
    /// REST.
    #[serde(rename = "REST")]
    Rest,
    /// Bulk API 2.0, where it can.
    #[serde(rename = "BULK2")]
    Bulk2,
    /// The same, in place of the older Bulk API.
    #[serde(rename = "BULK")]
    Bulk,
}

impl Config {
    /// How far before its bookmark a stream is read again.
    pub(crate) fn lookback(&self) -> Duration {
        Duration::from_secs(self.lookback_window)
    }
}

mod defaults {
    pub(super) fn api_version() -> String {
        "62.0".to_owned()
    }
    pub(super) fn select_fields_by_default() -> bool {
        true
    }
    pub(super) fn quota_percent_total() -> f64 {
        80.0
    }
    pub(super) fn quota_percent_per_run() -> f64 {
        25.0
    }
    pub(super) fn lookback_window() -> u64 {
        600
    }
}
