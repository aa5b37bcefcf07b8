//! How requests to GitHub are signed, and how GitHub speaks of its limits.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use singer_http::{Anonymous, Authenticator, ClientSpec, QuotaHeaders, Rules, Secondary};
use singer_tap::{Error, Secret};

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
    ..Rules::PLAIN
};

/// The client that the settings describe.
pub(crate) fn client(config: &Config) -> Result<ClientSpec, Error> {
    let mut spec = ClientSpec::new(config.api_url_base.to_url(), authenticator(config)?, RULES);
    spec.headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        (
            header::HeaderName::from_static("x-github-api-version"),
            HeaderValue::from_static("2022-11-28"),
        ),
    ]);
    Ok(spec)
}

fn authenticator(config: &Config) -> Result<Arc<dyn Authenticator>, Error> {
    let has_app_keys = !config.auth_app_keys.is_empty() || !config.org_auth_app_keys.is_empty();
    let from_env = || std::env::var("GITHUB_TOKEN").ok().filter(|token| !token.is_empty());
    if let Some(token) = config.auth_token.as_ref().or(config.additional_auth_tokens.first()) {
        return token.bearer("auth_token");
    }
    match from_env() {
        Some(token) => Secret::new(token).bearer("GITHUB_TOKEN"),
        // Going on without a credential would end in a puzzling 403 or 404.
        None if has_app_keys => Err(Error::Usage {
            what: "GitHub App keys are not supported yet; set `auth_token` or the variable `GITHUB_TOKEN`".to_owned(),
        }),
        None => Ok(Arc::new(Anonymous)),
    }
}
