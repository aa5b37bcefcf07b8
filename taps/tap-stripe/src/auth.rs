//! How requests to Stripe are signed, and how Stripe speaks of its limits.

use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use singer_http::{ClientSpec, Growth, Pace, Rate, Rules, Url};
use singer_tap::Error;

use crate::config::Config;

/// Stripe's signals: whether to send a request again it says in a header where it has an opinion, and
/// a 409 is a lock that another request holds.
///
/// Source: <https://docs.stripe.com/error-low-level>, <https://docs.stripe.com/rate-limits>.
const RULES: Rules = Rules {
    retry_statuses: &[409],
    retry_header: Some("stripe-should-retry"),
    words_at: Some("/error/message"),
    request_id: &["request-id"],
    ..Rules::PLAIN
};

/// Never more than 25 in any second of the 100 of a live account, which serve its checkout too: so many
/// with one to spare, for those that are sent a moment late. Less than half of the 25 of a sandbox.
const LIVE: Rate = Rate::new(24.0, 1);
const SANDBOX: Rate = Rate::new(10.0, 1);

/// The client that the settings describe.
pub(crate) fn client(config: &Config) -> Result<ClientSpec, Error> {
    let base = config.api_url_base.to_url();
    let key = config.client_secret.bearer("client_secret")?;
    let mut spec = ClientSpec::new(base, key, RULES);
    spec.pace = pace(config.client_secret.expose().expose_secret());
    spec.headers = HeaderMap::from_iter([(
        HeaderName::from_static("stripe-version"),
        HeaderValue::try_from(&config.api_version)
            .map_err(|_| Error::setting("/api_version", "consists of visible ASCII characters"))?,
    )]);
    if spec.base.host_str() == Some("api.stripe.com") {
        spec.origins.push(Url::parse("https://files.stripe.com").expect("it is a URL"));
    }
    Ok(spec)
}

/// How fast the account of a key may be asked. What leaves open whose it is counts as live.
fn pace(key: &str) -> Pace {
    let is_sandbox = key.starts_with("sk_test_") || key.starts_with("rk_test_");
    Pace::of(if is_sandbox { SANDBOX } else { LIVE }).giving_way(Growth::STEADY)
}

#[cfg(test)]
mod tests;
