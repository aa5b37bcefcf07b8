//! Secrets that are known by how they begin, whether or not anybody told of them.

/// What stands before a secret, and how long it must be at least to be one.
const BEFORE: [(&str, usize); 14] = [
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("whsec_", 8),
    ("Bearer ", 12),
    ("Basic ", 12),
    ("PRIVATE KEY-----", 12),
];

/// The line with `mask` in place of whatever looks like a secret.
pub(super) fn mask(mut line: String, mask: &str) -> String {
    for (before, least) in BEFORE {
        let mut from = 0;
        while let Some(at) = line.get(from..).and_then(|rest| rest.find(before)) {
            let begin = from + at + before.len();
            // A key's lines are joined by blanks in a line of the log.
            let spaced = before.ends_with("-----");
            let rest = line.get(begin..).unwrap_or_default();
            let is_end = |c| !(is_part(c) || spaced && c == ' ');
            let length = rest.find(is_end).unwrap_or(rest.len());
            if length >= least {
                line.replace_range(begin..begin + length, mask);
            }
            from = begin;
        }
    }
    line
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '~' | '+' | '/' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_masked_and_words_are_not() {
        let check = |line: &str, want: &str| assert_eq!(mask(line.to_owned(), "***"), want);
        check("x ghp_0123456789abcdefghij, y", "x ghp_***, y");
        check("github_pat_0123456789_abcdefghij", "github_pat_***");
        check("sk_live_0123abcd and sk_live_4567efgh", "sk_live_*** and sk_live_***");
        check("authorization: Bearer a.b-c_d~e+f/g==;", "authorization: Bearer ***;");
        check("Basic dXNlcjpwYXNzd29yZA==", "Basic ***");
        check(
            "-----BEGIN PRIVATE KEY----- MIIEvQIBADAN BgkqhkiG -----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----***",
        );
        check(
            "ghp_short, Bearer of news, the Basic plan",
            "ghp_short, Bearer of news, the Basic plan",
        );
        check(r#"{"x": "Bearer 0123456789abcdef\""}"#, r#"{"x": "Bearer ***\""}"#);
        check("Bearer é0123456789abcdef", "Bearer é0123456789abcdef");
    }
}
