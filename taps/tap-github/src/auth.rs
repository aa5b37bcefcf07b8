//! How requests to GitHub are signed, and how GitHub speaks of its limits.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use singer_http::{
    Anonymous, Authenticator, ClientSpec, Pace, QuotaHeaders, Rate, Reserve, Rules, Secondary, Url,
};
use singer_tap::{Error, Secret, graphql_limits};

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
    let mut spec = ClientSpec::with_credentials(base, credentials(config)?, RULES);
    spec.pace = pace(&spec.base);
    spec.reserve = config.rate_limit_buffer.map_or(RESERVE, Reserve::Requests);
    spec.headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        (
            header::HeaderName::from_static("x-github-api-version"),
            HeaderValue::from_static("2022-11-28"),
        ),
    ]);
    Ok(spec)
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

fn credentials(config: &Config) -> Result<Vec<Arc<dyn Authenticator>>, Error> {
    let has_app_keys = !config.auth_app_keys.is_empty() || !config.org_auth_app_keys.is_empty();
    let from_env = || std::env::var("GITHUB_TOKEN").ok().filter(|token| !token.is_empty());
    let own = config.auth_token.iter().map(|token| (token, "auth_token".to_owned()));
    let further = config.additional_auth_tokens.iter().enumerate();
    let further = further.map(|(at, token)| (token, format!("additional_auth_tokens/{at}")));
    let pool: Vec<_> =
        own.chain(further).map(|(token, label)| token.bearer(&label)).collect::<Result<_, _>>()?;
    if !pool.is_empty() {
        return Ok(pool);
    }
    match from_env() {
        Some(token) => Ok(vec![Secret::new(token).bearer("GITHUB_TOKEN")?]),
        // Going on without a credential would end in a puzzling 403 or 404.
        None if has_app_keys => Err(Error::Usage {
            what: "GitHub App keys are not supported yet; set `auth_token` or the variable `GITHUB_TOKEN`".to_owned(),
        }),
        None => Ok(vec![Arc::new(Anonymous)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_github_itself_is_asked_at_a_pace() {
        let check = |base: &str, paced: bool| {
            let base = Url::parse(base).unwrap();
            assert_eq!(pace(&base) != Pace::default(), paced, "{base}");
        };
        check("https://api.github.com", true);
        check("https://api.octocorp.ghe.com", true);
        check("https://github.example/api/v3", false);
        check("http://127.0.0.1:8080", false);
    }
}
