//! Numbers, times and likely names, as messages show them.

use chrono::{DateTime, Utc};
use singer_http::span;

/// A number with its digits in groups: `182,301`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 record`, `1,823 records`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", grouped(number))
}

/// How long ago it was: `2d 3h`, `11m 32s`; what is yet to come is that.
pub(crate) fn ago(now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let passed = now.signed_duration_since(at);
    match (passed.num_days(), passed.to_std()) {
        (_, Err(_)) => "in the future".to_owned(),
        (0, Ok(passed)) => span(passed),
        (days, Ok(_)) => format!("{}d {}h", grouped(days.unsigned_abs()), passed.num_hours() % 24),
    }
}

/// The one of the known names that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_by_how_long_ago_it_was() {
        let at = |text: &str| text.parse().expect("an instant");
        for (then, expected) in [
            ("2026-11-24T11:59:58Z", "2s"),
            ("2026-11-24T09:30:00Z", "2h 30m"),
            ("2026-11-22T09:00:00Z", "2d 3h"),
            ("2026-11-24T12:00:01Z", "in the future"),
        ] {
            assert_eq!(ago(at("2026-11-24T12:00:00Z"), at(then)), expected);
        }
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (182_301, "182,301"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((counted(1, "page"), counted(2, "page")), ("1 page".into(), "2 pages".into()));
    }
}
