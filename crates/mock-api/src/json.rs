//! Writing JSON values straight into a text.

/// Appends a number.
pub(crate) fn number(value: u64, out: &mut String) {
    let mut digits = [0; 20];
    let (mut rest, mut at) = (value, digits.len());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    ascii(&digits[at..], out);
}

/// Appends letters that are ASCII.
pub(crate) fn ascii(letters: &[u8], out: &mut String) {
    out.push_str(str::from_utf8(letters).expect("it is ASCII"));
}

/// Appends `true` or `false`.
pub(crate) fn boolean(value: bool, out: &mut String) {
    out.push_str(if value { "true" } else { "false" });
}

/// Appends a string with quotes and escapes.
pub(crate) fn text(value: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in value.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "\\u0000",
            _ => continue,
        };
        out.push_str(&value[from..at]);
        out.push_str(escape);
        from = at + 1;
    }
    out.push_str(&value[from..]);
    out.push('"');
}

/// Appends an instant (seconds of the epoch) with quotes, such as `"2026-11-01T00:00:00Z"`.
pub(crate) fn instant(seconds: u32, out: &mut String) {
    out.push('"');
    bare_instant(seconds, out);
    out.push('"');
}

/// Appends an instant, or null for 0.
pub(crate) fn instant_or_null(seconds: u32, out: &mut String) {
    if seconds == 0 { out.push_str("null") } else { instant(seconds, out) }
}

/// Appends an instant without quotes.
pub(crate) fn bare_instant(seconds: u32, out: &mut String) {
    let (year, month, day) = civil(seconds / 86_400);
    let rest = seconds % 86_400;
    let mut letters = *b"0000-00-00T00:00:00Z";
    let parts = [year / 100, year % 100, month, day, rest / 3_600, rest / 60 % 60, rest % 60];
    for (at, part) in [0, 2, 5, 8, 11, 14, 17].into_iter().zip(parts) {
        letters[at] += (part / 10) as u8;
        letters[at + 1] += (part % 10) as u8;
    }
    ascii(&letters, out);
}

/// Year, month and day of a day since 1970, in the Gregorian calendar.
fn civil(days: u32) -> (u32, u32, u32) {
    // Years begin in March here, so that the leap day is the last one.
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + u32::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_the_calendar_has_them() {
        for seconds in [0, 951_782_400, 1_709_164_799, 1_709_164_800, 1_793_491_200, u32::MAX] {
            let mut written = String::new();
            bare_instant(seconds, &mut written);
            let expected = chrono::DateTime::from_timestamp(seconds.into(), 0).unwrap();
            assert_eq!(written, expected.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        }
    }

    #[test]
    fn numbers_are_written_with_all_their_digits() {
        for value in [0, 7, 10, 4_096, u64::MAX] {
            let mut written = String::new();
            number(value, &mut written);
            assert_eq!(written, value.to_string());
        }
    }

    #[test]
    fn strings_are_escaped() {
        for value in ["plain", "a \"b\" \\ c", "line\r\nline\ttab", "ünï ✓ 🦦", ""] {
            let mut written = String::new();
            text(value, &mut written);
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), value);
        }
    }
}
