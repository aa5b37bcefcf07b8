//! The key of a GitHub App, as the settings write it.

use std::sync::Arc;

use singer_http::{ExposeSecret, Jwt};
use singer_tap::{Error, Secret};

/// A key, and the installation that it is meant for, if it is said.
pub(super) struct AppKey {
    /// What messages call it.
    pub(super) label: String,
    /// Signs as the App.
    pub(super) jwt: Arc<Jwt>,
    pub(super) installation: Option<u64>,
}

impl AppKey {
    /// Reads `app_id;;private_key[;;installation_id]`, where the App is given by its id or its
    /// client id; `label` says which setting it is.
    pub(super) fn read(label: &str, setting: &Secret) -> Result<AppKey, Error> {
        let refuse = || {
            Error::setting(
                format!("/{label}"),
                "expected `app_id;;private_key`, or `app_id;;private_key;;installation_id` (the key with its line breaks, or with `\\n` in their places)",
            )
        };
        let parts: Vec<&str> =
            setting.expose().expose_secret().split(";;").map(str::trim).collect();
        let (app, key, installation) = match parts[..] {
            [app, key] | [app, key, ""] => (app, key, None),
            [app, key, id] => (app, key, Some(id.parse().map_err(|_| refuse())?)),
            _ => return Err(refuse()),
        };
        if app.is_empty() || key.is_empty() {
            return Err(refuse());
        }
        // The whole setting is hidden already; from now on the key alone is too.
        let key = Secret::new(key.to_owned());
        let jwt = Jwt::rs256(label, key.expose())?.issuer(app);
        Ok(AppKey { label: label.to_owned(), jwt: Arc::new(jwt), installation })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = include_str!("../../../../crates/singer-http/tests/keys/pkcs8.pem");

    #[test]
    fn a_key_is_read_with_or_without_an_installation() {
        let check = |setting: String, expected: Option<Option<u64>>| {
            let read = AppKey::read("auth_app_keys/0", &Secret::new(setting));
            if let Err(error) = &read {
                let text = error.to_string();
                assert!(text.contains("auth_app_keys/0") && !text.contains("MII"), "{text}");
            }
            assert_eq!(read.ok().map(|key| key.installation), expected);
        };
        check(format!("42;;{PEM}"), Some(None));
        check(format!("Iv1.0123456789abcdef;;{}", PEM.replace('\n', "\\n")), Some(None));
        check(format!("42;;{PEM};;7"), Some(Some(7)));
        check(format!(" 42 ;; {PEM} ;; 7 \n"), Some(Some(7)));
        check(format!("42;;{PEM};;"), Some(None));
        check(format!("42;;{PEM};;seven"), None);
        check(format!("42;;{PEM};;7;;8"), None);
        check(format!(";;{PEM}"), None);
        check("42;;".to_owned(), None);
        check("42".to_owned(), None);
        check("42;;MIIsecret".to_owned(), None);
    }
}
