//! The forms in which a secret may turn up.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter texts are no secrets, and would be found in innocent words.
const MIN_LENGTH: usize = 8;

/// The secret as it is, as a URL, a JSON text or base64 has it, and each line of it.
pub(super) fn of(secret: &str) -> Vec<String> {
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let quoted = serde_json::Value::from(secret).to_string();
    let json = quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
    let mut forms = vec![secret.to_owned(), url, json];
    for ahead in 0..3 {
        forms.extend(encoded(secret, ahead));
    }
    // The lines of a key; what begins and ends it is no secret.
    if secret.contains('\n') {
        let lines = secret.lines().map(str::trim).filter(|line| !line.starts_with("---"));
        forms.extend(lines.map(str::to_owned));
    }
    forms.retain(|form| form.len() >= MIN_LENGTH);
    forms
}

/// What base64 has of the secret alone, in either alphabet, when it follows `ahead` other bytes of
/// a group of three.
fn encoded(secret: &str, ahead: usize) -> [String; 2] {
    let mut bytes = vec![0; ahead];
    bytes.extend_from_slice(secret.as_bytes());
    // Characters that tell of a neighbour's bits too differ with the neighbour.
    let (begin, end) = ((ahead * 8).div_ceil(6), bytes.len() * 8 / 6);
    let alone = |text: String| text.get(begin..end).unwrap_or_default().to_owned();
    [alone(STANDARD_NO_PAD.encode(&bytes)), alone(URL_SAFE_NO_PAD.encode(&bytes))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_a_secret_is_known_wherever_it_stands_in_a_longer_text() {
        let secret = "s3cret/t0ken??>>";
        let forms = of(secret);
        for before in ["", "u", "us", "user", "user:"] {
            for after in ["", ":", "::", "after"] {
                let text = format!("{before}{secret}{after}");
                for code in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                    assert!(forms.iter().any(|form| code.contains(form)), "{text} {code}");
                }
            }
        }
    }

    #[test]
    fn short_texts_and_the_frame_of_a_key_are_no_secrets() {
        assert!(of("short").iter().all(|form| form.len() >= MIN_LENGTH));
        let forms = of("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n");
        assert!(forms.contains(&"MIIEvQIBADAN".to_owned()));
        assert!(!forms.iter().any(|form| form == "-----BEGIN PRIVATE KEY-----"));
    }
}
