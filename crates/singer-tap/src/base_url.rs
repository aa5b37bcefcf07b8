//! A setting that says where an API is.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// The address of an API in a configuration: `http` or `https`, without user, query or fragment.
///
/// Every tap has such a setting, for proxies, sandboxes and tests. The paths of streams are put
/// behind its own path, and requests go to its origin only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The address of the API itself, as the default of the setting.
    ///
    /// # Panics
    /// The text is no URL.
    pub fn of(text: &str) -> BaseUrl {
        match Url::parse(text) {
            Ok(url) => BaseUrl(url),
            Err(error) => panic!("`{text}` is no URL ({error})"),
        }
    }

    /// The URL, for [`singer_http::ClientSpec`].
    pub fn to_url(&self) -> Url {
        self.0.clone()
    }
}

/// As people write it, for the default in the schema.
impl Serialize for BaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl JsonSchema for BaseUrl {
    fn schema_name() -> Cow<'static, str> {
        "BaseUrl".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^https?://[^/?#@ ]+(/[^?# ]*)?$",
            "x-expected": "an address such as https://api.example.com, without user, query or fragment"
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, JsonSchema)]
    struct Config {
        #[expect(dead_code, reason = "what is checked is its schema")]
        api_url_base: BaseUrl,
        #[serde(default = "api")]
        other: BaseUrl,
    }

    fn api() -> BaseUrl {
        BaseUrl::of("https://api.example.com")
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host_and_nothing_that_is_secret_or_lost() {
        let schema = schemars::schema_for!(BaseUrl);
        let check = |address: &str, expected: bool| {
            let found = jsonschema::is_valid(schema.as_value(), &json!(address));
            assert_eq!(found, expected, "{address}");
        };
        check("https://api.example.com", true);
        check("http://127.0.0.1:8080/v1", true);
        check("https://api.example.com/v1/", true);
        check("api.example.com", false);
        check("ftp://api.example.com", false);
        check("https://user:secret@api.example.com", false);
        check("https://api.example.com/v1?key=secret", false);
        check("https://api.example.com/#top", false);
        check("https://", false);
    }

    #[test]
    fn a_default_is_in_the_schema_and_in_the_settings() {
        let schema = crate::settings_schema::<Config>();
        assert_eq!(schema["properties"]["other"]["default"], "https://api.example.com");
        assert_eq!(schema["required"], json!(["api_url_base"]));
        let config: Config =
            serde_json::from_value(json!({"api_url_base": "http://127.0.0.1"})).expect("settings");
        assert_eq!(config.other.to_url().as_str(), "https://api.example.com/");
    }
}
