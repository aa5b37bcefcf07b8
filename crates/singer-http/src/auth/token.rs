//! Which texts can be sent as a secret.

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

const PRINTABLE: &str = "a token has printable ASCII characters only, no line breaks";

/// The rule that a token breaks, so that none can end a header's line and begin another.
pub(crate) fn check(token: &str) -> Result<(), &'static str> {
    if token.trim().is_empty() {
        Err("a token must not be empty")
    } else if token.trim() != token {
        Err("a token must not begin or end with blanks or line breaks")
    } else if !token.bytes().all(|b| b.is_ascii_graphic()) {
        Err(PRINTABLE)
    } else {
        Ok(())
    }
}

/// `token`, if it can be sent; `label` is what messages call it.
pub(crate) fn checked(label: &str, token: SecretString) -> Result<SecretString, Error> {
    check(token.expose_secret()).map_err(|rule| Error::bad_token(label, rule))?;
    Ok(token)
}

/// A header's value of `token` after the word `scheme`, if there is one; never shown and never
/// cached by the transport.
pub(crate) fn header(
    label: &str,
    scheme: &str,
    token: &SecretString,
) -> Result<HeaderValue, Error> {
    let text = format!("{scheme} {}", token.expose_secret());
    let value = HeaderValue::from_str(text.trim_start());
    let mut value = value.map_err(|_| Error::bad_token(label, PRINTABLE))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_must_not_be_sent_are_refused_without_being_shown() {
        let check = |token: &str, rule: &str| {
            let error = checked("env TOKEN", token.into()).unwrap_err();
            assert_eq!((error.id(), error.exit().code()), ("CFG01", 2));
            let text = error.to_string();
            assert!(text.contains(rule) && text.contains("`env TOKEN`"), "{text}");
            assert!(token.trim().is_empty() || !text.contains(token.trim()), "{text}");
        };
        check("", "must not be empty");
        check("  \n", "must not be empty");
        check(" sesame", "must not begin or end");
        check("sesame\n", "must not begin or end");
        check("ses\r\nHost: evil", "printable ASCII");
        check("ses ame", "printable ASCII");
        check("sésame", "printable ASCII");
        check("ses\0ame", "printable ASCII");
    }
}
