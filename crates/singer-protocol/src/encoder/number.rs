//! Numbers as text, so that no digit is lost.

use std::borrow::Cow;

/// The most digits that an exponent may unfold to.
const MOST_DIGITS: usize = 64;

/// Whether a text is a number in JSON's grammar.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// The digits of a JSON number that is whole, none if it has a fraction or is absurdly long.
pub(super) fn whole(number: &str) -> Option<Cow<'_, str>> {
    let (sign, size) = match number.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", number),
    };
    if digits(size) {
        return Some(Cow::Borrowed(number));
    }
    let (mantissa, exponent) = size.split_once(['e', 'E']).unwrap_or((size, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{before}{after}");
    if all.bytes().all(|digit| digit == b'0') {
        return Some(Cow::Borrowed("0"));
    }
    let exponent: i64 = exponent.parse().ok()?;
    let point = i64::try_from(before.len()).ok()?.checked_add(exponent)?;
    let point = usize::try_from(point).ok().filter(|point| *point <= MOST_DIGITS)?;
    let (kept, dropped) = all.split_at(point.min(all.len()));
    if dropped.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let kept = kept.trim_start_matches('0');
    let zeros = "0".repeat(point.saturating_sub(all.len()));
    Some(Cow::Owned(format!("{sign}{kept}{zeros}")))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_numbers_are_numbers() {
        for text in ["0", "-0", "10", "1.10", "-1.5e-10", "1E+2", "18446744073709551616", "0.0"] {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "", "-", "01", "1.", ".5", "1e", "+1", " 1", "1 ", "0x1", "NaN", "1_000", "1e1.5",
            "--1",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_unfolded_without_loss() {
        for (number, expected) in [
            ("17", Some("17")),
            ("-17", Some("-17")),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            ("1.0", Some("1")),
            ("-1.00", Some("-1")),
            ("1e2", Some("100")),
            ("1.5e1", Some("15")),
            ("1.25E+2", Some("125")),
            ("120e-1", Some("12")),
            ("0.0", Some("0")),
            ("0e999999999999999999999", Some("0")),
            ("0.5e1", Some("5")),
            ("1.5", None),
            ("1e-1", None),
            ("15e-1", None),
            ("1e400", None),
            ("1e99999999999999999999", None),
            ("0.1", None),
        ] {
            assert_eq!(whole(number).as_deref(), expected, "{number}");
        }
    }
}
