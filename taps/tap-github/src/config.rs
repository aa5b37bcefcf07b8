//! The settings of the tap, named as in MeltanoLabs' tap-github.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use singer_tap::{BaseUrl, Secret};

/// Which part of GitHub is read, and with which credential.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Config {
    /// Personal access token. Without it and `additional_auth_tokens`, all variables are taken whose
    /// names begin with `GITHUB_TOKEN`. Without any credential, requests are anonymous (60 an hour).
    #[serde(default)]
    pub auth_token: Option<Secret>,
    /// Further tokens, of other users: those of one user share its quota. Each request is signed by
    /// the credential that has most left.
    #[serde(default)]
    #[schemars(extend("secret" = true))]
    pub additional_auth_tokens: Vec<Secret>,
    /// Keys of GitHub Apps, each `app_id;;private_key[;;installation_id]`, with the client id in
    /// place of the id if you like. Without an installation, that of each organisation or user is
    /// found, and any one reads what is public elsewhere. Without it, the variable
    /// `GITHUB_APP_PRIVATE_KEY` is taken.
    #[serde(default)]
    #[schemars(extend("secret" = true))]
    pub auth_app_keys: Vec<Secret>,
    /// Keys of GitHub Apps by organisation: requests about one of these are signed by its own keys
    /// only.
    #[serde(default)]
    #[schemars(extend("secret" = true))]
    pub org_auth_app_keys: BTreeMap<String, Vec<Secret>>,
    /// Where the API is; of a GitHub Enterprise Server, `https://HOST/api/v3`. Every request goes
    /// there.
    #[serde(default = "api_url_base")]
    pub api_url_base: BaseUrl,
    /// Repositories as `owner/name`; `owner/*` stands for all of an organisation, `owner/api-*` for
    /// those of its repositories with such names.
    #[serde(default)]
    pub repositories: Vec<String>,
    /// Organisations, all of whose repositories are read.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// Repository searches, all of whose results are read.
    #[serde(default)]
    pub searches: Vec<Search>,
    /// Repositories that are not read, however they were found: patterns of full names, such as
    /// `acme/legacy-*` or `*/sandbox`.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Leave out archived repositories, unless `repositories` names them one by one.
    #[serde(default)]
    pub skip_archived: bool,
    /// Leave out forks, unless `repositories` names them one by one. (A search finds none unless its
    /// query has `fork:true`.)
    #[serde(default)]
    pub skip_forks: bool,
    /// Users by login.
    #[serde(default)]
    pub user_usernames: Vec<String>,
    /// Users by number.
    #[serde(default)]
    pub user_ids: Vec<String>,
    /// Whether GraphQL is asked where it gives the same records as REST for many parents a query, and
    /// for what only it has.
    #[serde(default)]
    pub graphql: Graphql,
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
    /// Minutes before its end at which an App's token is renewed, by default 10; of a short life,
    /// half.
    #[serde(default)]
    pub expiry_time_buffer: Option<u64>,
    /// Attempts a request.
    #[serde(default)]
    #[schemars(extend("x-ignored" = "8 attempts within 15 minutes are made"))]
    pub backoff_max_tries: Option<u64>,
}

/// When GraphQL is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Graphql {
    /// Where every selected field can be had by it, in the shape of REST, and for streams that only
    /// GraphQL has.
    #[default]
    Auto,
    /// Never: streams that only GraphQL has are not there.
    Never,
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
    /// Options of `project_items`.
    #[serde(default)]
    pub project_items: ProjectItemOptions,
}

/// Options of `milestones`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneOptions {
    /// Which milestones are read.
    #[serde(default)]
    pub state: MilestoneState,
}

/// Options of `project_items`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectItemOptions {
    /// Items a query, from 1 to 100; fewer are asked for where GitHub cannot answer in time.
    pub page_size: u32,
}

impl Default for ProjectItemOptions {
    fn default() -> Self {
        ProjectItemOptions { page_size: 100 }
    }
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
