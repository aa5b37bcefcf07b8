//! Untrusted text made safe for logs and terminals.

use std::fmt::Write as _;

use url::Url;

use crate::clock::Clock;

const MOST: usize = 512;

/// `text` on one line, without control, direction or zero-width characters, cut at 512 characters.
///
/// ```
/// assert_eq!(singer_http::clean("a\u{1b}[31m\nb"), r"a\u{1b}[31m\u{a}b");
/// ```
pub fn clean(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

/// `text` on one line, without control, direction or zero-width characters.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if unsafe_to_print(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn unsafe_to_print(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A URL as messages show it: scheme, host, port and path; no user, query or fragment.
pub fn site(url: &Url) -> String {
    let mut text = url.origin().ascii_serialization();
    text.push_str(url.path());
    clean(&text)
}

/// `1h 4m`, `11m 32s`, `7s`.
pub fn span(duration: std::time::Duration) -> String {
    let seconds = duration.as_millis().div_ceil(1000);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m {s}s"),
        (h, m, _) => format!("{h}h {m}m"),
    }
}

/// `, until 16:05:01 UTC`, on this computer's clock.
pub(crate) fn until(clock: &dyn Clock, wait: std::time::Duration) -> String {
    chrono::Duration::from_std(wait)
        .ok()
        .and_then(|wait| clock.now().checked_add_signed(wait))
        .map(|at| format!(", until {} UTC", at.format("%H:%M:%S")))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn control_and_direction_characters_are_escaped() {
        let check = |text: &str, want: &str| assert_eq!(clean(text), want);
        check("plain `text` é 漢", "plain `text` é 漢");
        check("a\r\nb\t", r"a\u{d}\u{a}b\u{9}");
        check("\u{9b}31m\u{7f}", r"\u{9b}31m\u{7f}");
        check("\u{202e}gpj.exe", r"\u{202e}gpj.exe");
        check("zero\u{200b}width\u{feff}", r"zero\u{200b}width\u{feff}");
    }

    #[test]
    fn long_text_is_cut() {
        let text = clean(&"é".repeat(600));
        assert_eq!(text.chars().count(), 513);
        assert!(text.ends_with('…'));
    }

    #[test]
    fn a_url_is_shown_without_query_user_and_fragment() {
        let check = |url: &str, want: &str| assert_eq!(site(&Url::parse(url).unwrap()), want);
        check("https://me:pw@api.example/a/b?token=1#f", "https://api.example/a/b");
        check("http://127.0.0.1:8080", "http://127.0.0.1:8080/");
    }

    #[test]
    fn spans_read_like_a_watch() {
        let check = |ms, want: &str| assert_eq!(span(Duration::from_millis(ms)), want);
        check(0, "0s");
        check(900, "1s");
        check(692_000, "11m 32s");
        check(3_840_000, "1h 4m");
    }
}
