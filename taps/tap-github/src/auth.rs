//! How requests to GitHub are signed, and how GitHub speaks of its limits.

mod app_key;
mod installation;
mod pool;
mod reach;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use singer_http::{ClientSpec, Pace, QuotaHeaders, Rate, Reserve, Rules, Secondary, Url};
use singer_tap::{Error, graphql_limits};

use crate::config::Config;

/// GitHub's signals.
///
/// Source: <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
const RULES: Rules = Rules {
    quota: Some(QuotaHeaders::X_RATELIMIT),
    secondary: Some(Secondary {
        marks: &["secondary rate limit", "abuse detection"],
        min_wait: Duration::from_secs(60),
    }),
    policy_headers: &["x-github-sso"],
    policy_marks: &["ip allow list", "saml", "suspended"],
    request_id: &["x-github-request-id"],
    reads: Some(graphql_limits),
    words_at: Some("/message"),
    ..Rules::PLAIN
};

/// A reserve for people and their other programs.
const RESERVE: Reserve = Reserve::Percent(10);

/// The client that the settings describe.
pub(crate) fn client(config: &Config) -> Result<ClientSpec, Error> {
    let base = config.api_url_base.to_url();
    let credentials = pool::credentials(config, &variables())?;
    let mut spec = ClientSpec::with_credentials(base, credentials, RULES);
    spec.pace = pace(&spec.base);
    spec.reserve = config.rate_limit_buffer.map_or(RESERVE, Reserve::Requests);
    spec.headers = headers();
    Ok(spec)
}

/// Whether the settings and the environment name no credential.
pub(crate) fn is_anonymous(config: &Config) -> bool {
    pool::is_empty(config, &variables())
}

/// The variables of the environment that may hold credentials.
fn variables() -> BTreeMap<String, String> {
    let all = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    all.filter(|(name, _)| name.starts_with("GITHUB_")).collect()
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        (
            header::HeaderName::from_static("x-github-api-version"),
            HeaderValue::from_static("2022-11-28"),
        ),
    ])
}

/// Two thirds of GitHub's secondary limit of 900 a minute, and 30 searches a minute. A server of
/// one's own has no such limit, unless its administrator set one.
fn pace(base: &Url) -> Pace {
    let host = base.host_str().unwrap_or_default();
    if host == "api.github.com" || host.ends_with(".ghe.com") {
        Pace::of(Rate::new(10.0, 20)).resource("search", Rate::new(1.0 / 2.1, 1))
    } else {
        Pace::default()
    }
}
