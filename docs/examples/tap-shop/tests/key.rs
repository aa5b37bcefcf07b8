//! The client of an API that takes its key in a header: the example of the guide's page on credentials.

use std::sync::Arc;

use serde::Deserialize;
use singer_http::{ApiKey, HeaderName, Pace, Rate};
use singer_tap::{BaseUrl, ClientSpec, Error, Rules, Secret};

#[derive(Deserialize)]
struct Config {
    api_key: Secret,
    api_url_base: BaseUrl,
}

// ANCHOR: client
fn client(config: &Config) -> Result<ClientSpec, Error> {
    let name = HeaderName::from_static("x-api-key");
    let key = ApiKey::in_header("api_key", name, config.api_key.expose().clone())?;
    let mut spec = ClientSpec::new(config.api_url_base.to_url(), Arc::new(key), Rules::PLAIN);
    spec.pace = Pace::of(Rate::new(10.0, 20));
    Ok(spec)
}
// ANCHOR_END: client

#[test]
fn a_key_in_a_header_makes_a_client() {
    let config = |key: &str| -> Config {
        let config =
            format!(r#"{{"api_key": "{key}", "api_url_base": "https://shop.example/v1"}}"#);
        serde_json::from_str(&config).expect("settings")
    };
    assert!(client(&config("a-key")).is_ok());
    // What cannot be a header's value is refused by the name of its setting, and not shown.
    let refused = client(&config("a\\nkey")).err().expect("a line break is none").to_string();
    assert!(refused.contains("api_key") && !refused.contains("nkey"), "{refused}");
}
