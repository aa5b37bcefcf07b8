//! The second guard of secrets: no line that is told may hold one, wherever it came from.

use std::sync::{PoisonError, RwLock};

use singer_http::Secrets;

/// Shorter texts are no secrets, and would be found in innocent words.
const MIN_LENGTH: usize = 8;
const MASK: &str = "***";

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Hides a secret in every line from now on.
pub(crate) fn hide(secret: &str) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in [secret.to_owned(), encoded(secret)] {
        if form.len() >= MIN_LENGTH && !secrets.contains(&form) {
            secrets.push(form);
        }
    }
}

/// Hides what the client learns while it runs, such as a token that was just granted.
#[derive(Debug)]
pub(crate) struct Redactor;

impl Secrets for Redactor {
    fn learn(&self, secret: &str) {
        hide(secret);
    }
}

/// The line with a mask in place of each secret.
pub(crate) fn redact(mut line: String) -> String {
    let secrets = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    for secret in secrets.iter() {
        if line.contains(secret.as_str()) {
            line = line.replace(secret.as_str(), MASK);
        }
    }
    line
}

/// As it would stand in a URL.
fn encoded(secret: &str) -> String {
    url::form_urlencoded::byte_serialize(secret.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_learns_is_masked() {
        Redactor.learn("granted-just-now");
        assert_eq!(redact("a granted-just-now b".to_owned()), "a *** b");
    }

    #[test]
    fn a_secret_is_masked_as_it_is_and_as_a_url_has_it() {
        hide("s3cret/t0ken");
        hide("a");
        for (line, expected) in [
            ("GET /x?token=s3cret%2Ft0ken (s3cret/t0ken)", "GET /x?token=*** (***)"),
            ("a line about nothing", "a line about nothing"),
        ] {
            assert_eq!(redact(line.to_owned()), expected);
        }
    }
}
