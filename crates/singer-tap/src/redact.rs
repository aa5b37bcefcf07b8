//! The second guard of secrets: no line that is told may hold one, wherever it came from.

mod forms;
mod patterns;

use std::sync::{PoisonError, RwLock};

use singer_http::Secrets;

const MASK: &str = "***";

static SECRETS: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Hides a secret in every line from now on.
pub(crate) fn hide(secret: &str) {
    let mut secrets = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    for form in forms::of(secret) {
        if !secrets.contains(&form) {
            secrets.push(form);
        }
    }
    // A secret that holds another is masked first, so that nothing of it is left.
    secrets.sort_by_key(|form| std::cmp::Reverse(form.len()));
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
    patterns::mask(line, MASK)
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
    fn a_secret_is_masked_in_every_form_that_it_may_take() {
        hide("s3cret/t0ken");
        hide("s3cret/t0ken-and-more");
        hide("with \"quotes\"");
        hide("a");
        for (line, expected) in [
            ("GET /x?token=s3cret%2Ft0ken (s3cret/t0ken)", "GET /x?token=*** (***)"),
            (r#"{"key": "with \"quotes\""}"#, r#"{"key": "***"}"#),
            ("basic dXNlcjpzM2NyZXQvdDBrZW4=", "basic dXNlcjp***4="),
            ("s3cret/t0ken-and-more", "***"),
            ("a line about nothing", "a line about nothing"),
        ] {
            assert_eq!(redact(line.to_owned()), expected);
        }
    }
}
