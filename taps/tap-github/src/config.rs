//! The settings of the tap, named as in MeltanoLabs' tap-github.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use singer_tap::{BaseUrl, Secret};

const APPS: &str = "GitHub Apps are not supported yet: set `auth_token`";

/// Which part of GitHub is read, and with which credential.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Config {
    /// Personal access token. Without it, the variable `GITHUB_TOKEN` is taken; without that,
    /// requests are anonymous (60 an hour).
    #[serde(default)]
    pub auth_token: Option<Secret>,
    /// Further tokens, of other users: those of one user share its quota. Each request is signed by
    /// the token that has most left.
    #[serde(default)]
    #[schemars(extend("secret" = true))]
    pub additional_auth_tokens: Vec<Secret>,
    /// GitHub App credentials, each `app_id;;private_key[;;installation_id]`.
    #[serde(default)]
    #[schemars(extend("secret" = true, "x-ignored" = APPS))]
    pub auth_app_keys: Vec<Secret>,
    /// GitHub App credentials by organisation.
    #[serde(default)]
    #[schemars(extend("secret" = true, "x-ignored" = APPS))]
    pub org_auth_app_keys: BTreeMap<String, Vec<Secret>>,
    /// Where the API is; of a GitHub Enterprise Server, `https://HOST/api/v3`. Every request goes
    /// there.
    #[serde(default = "api_url_base")]
    pub api_url_base: BaseUrl,
    /// Repositories as `owner/name`; `owner/*` stands for all of an organisation.
    #[serde(default)]
    pub repositories: Vec<String>,
    /// Organisations, all of whose repositories are read.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// Repository searches, all of whose results are read.
    #[serde(default)]
    pub searches: Vec<Search>,
    /// Users by login.
    #[serde(default)]
    pub user_usernames: Vec<String>,
    /// Users by number.
    #[serde(default)]
    pub user_ids: Vec<String>,
    /// When `repositories` is not selected, do not ask for each repository before its children: a
    /// request a repository is saved, and `repo_id` is null.
    #[serde(default)]
    pub skip_parent_streams: bool,
    /// Options of single streams.
    #[serde(default)]
    pub stream_options: StreamOptions,
    /// Calls of each token's quota to leave for others, at most half of it; by default a tenth.
    /// `quota_reserve` takes its place.
    #[serde(default)]
    pub rate_limit_buffer: Option<u64>,
    /// Minutes before its end at which an App's token is renewed.
    #[serde(default)]
    #[schemars(extend("x-ignored" = APPS))]
    pub expiry_time_buffer: Option<u64>,
    /// Attempts a request.
    #[serde(default)]
    #[schemars(extend("x-ignored" = "8 attempts within 15 minutes are made"))]
    pub backoff_max_tries: Option<u64>,
}

/// A repository search.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Search {
    /// What the search is called in the state and in the records.
    pub name: String,
    /// The query, as in GitHub's search box.
    pub query: String,
}

/// Options of single streams.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamOptions {
    /// Options of `milestones`.
    #[serde(default)]
    pub milestones: MilestoneOptions,
}

/// Options of `milestones`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneOptions {
    /// Which milestones are read.
    #[serde(default)]
    pub state: MilestoneState,
}

/// Which milestones are read.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MilestoneState {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    All,
}

impl MilestoneState {
    /// The value of GitHub's `state` parameter.
    pub(crate) fn param(self) -> &'static str {
        match self {
            MilestoneState::Open => "open",
            MilestoneState::Closed => "closed",
            MilestoneState::All => "all",
        }
    }
}

fn api_url_base() -> BaseUrl {
    BaseUrl::of("https://api.github.com")
}
