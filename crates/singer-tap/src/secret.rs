//! A setting that must never be shown.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use singer_http::{Authenticator, Bearer};

use crate::error::Error;
use crate::redact;

/// A secret setting: marked so in the schema, and silent when it is formatted.
///
/// In a configuration it is the secret itself, `env:NAME` for the variable of that name, or
/// `file:PATH` for what is in a file, less one newline at its end; `raw:` before a secret that
/// begins like one of these.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// A secret that did not come from the configuration. From now on no log line shows it.
    pub fn new(text: String) -> Secret {
        redact::hide(&text);
        Secret(SecretString::from(text))
    }

    /// The secret, for an authenticator.
    pub fn expose(&self) -> &SecretString {
        &self.0
    }

    /// A credential that goes into `authorization: Bearer`; `setting` is what messages call it.
    ///
    /// # Errors
    /// The secret is empty, or has characters that no token has.
    pub fn bearer(&self, setting: &str) -> Result<Arc<dyn Authenticator>, Error> {
        Ok(Arc::new(Bearer::new(setting, self.0.clone())?))
    }

    fn resolve(setting: String) -> Result<Secret, String> {
        let text = if let Some(name) = setting.strip_prefix("env:") {
            std::env::var(name)
                .map_err(|_| format!("the variable `{name}` of `env:{name}` is not set"))?
        } else if let Some(path) = setting.strip_prefix("file:") {
            let text = std::fs::read_to_string(path).map_err(|error| {
                format!("the file of `file:{path}` cannot be read ({})", error.kind())
            })?;
            text.strip_suffix('\n').map_or(text.clone(), str::to_owned)
        } else {
            setting.strip_prefix("raw:").map_or(setting.clone(), str::to_owned)
        };
        Ok(Secret::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        Secret::resolve(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "secret": true, "writeOnly": true})
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn check(setting: &str, expected: Result<&str, &str>) {
        match (Secret::resolve(setting.to_owned()), expected) {
            (Ok(secret), Ok(expected)) => assert_eq!(secret.0.expose_secret(), expected),
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (found, _) => panic!("{setting} gives {found:?}"),
        }
    }

    #[test]
    fn a_secret_comes_from_the_setting_a_variable_or_a_file() {
        let file = std::env::temp_dir().join(format!("singer-tap-secret-{}", std::process::id()));
        std::fs::write(&file, "from file\n").expect("a file in the temporary folder");
        check("ghp_plain", Ok("ghp_plain"));
        check("raw:env:odd", Ok("env:odd"));
        check("env:CARGO_PKG_NAME", Ok("singer-tap"));
        check("env:SINGER_TAP_UNSET", Err("`SINGER_TAP_UNSET`"));
        check(&format!("file:{}", file.display()), Ok("from file"));
        std::fs::remove_file(&file).expect("the file is there");
        check(&format!("file:{}", file.display()), Err("cannot be read"));
    }

    #[test]
    fn a_secret_is_silent_when_formatted() {
        let secret = Secret::resolve("ghp_plain".to_owned()).expect("a secret");
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
