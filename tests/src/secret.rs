//! The token of every run, and the forms in which it must not be seen.

/// The token that every run is configured with, unless it says otherwise.
pub const TOKEN: &str = "canary-5f0e71c9d2b84a36";

/// The token as it is, and as it looks within base64, wherever it begins there.
pub(crate) fn forms() -> Vec<String> {
    let mut forms = vec![TOKEN.to_owned()];
    for before in 0..3 {
        let encoded = base64(format!("{}{TOKEN}", &"   "[..before]).as_bytes());
        // The ends depend on what stands beside it.
        let first = (before * 8).div_ceil(6);
        let last = (before + TOKEN.len()) * 8 / 6;
        forms.push(encoded[first..last].to_owned());
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0;
        for at in 0..3 {
            bits = bits << 8 | u32::from(group.get(at).copied().unwrap_or(0));
        }
        for at in 0..=group.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn the_token_is_recognised_wherever_it_begins() {
        for before in ["", "x", "token:", "Bearer ", "user:"] {
            let seen = base64(format!("{before}{TOKEN} and more").as_bytes());
            assert!(forms().iter().any(|form| seen.contains(form)), "{before}");
        }
    }
}
