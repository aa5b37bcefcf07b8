//! Dates and times as targets take them: RFC 3339, UTC, years of four digits.

use std::io::Write;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};

/// Writes a date-time in UTC with `Z`, its fraction as it was. Nothing is written if it is none.
///
/// The offset may be `Z`, `+02:00` or `+0200`; a date-time without one names no instant and is
/// refused, as are leap seconds, `24:00` and years outside 1 to 9999.
pub(super) fn date_time(text: &str, out: &mut Vec<u8>) -> bool {
    let Some((head, clock)) = text.split_at_checked(11) else { return false };
    let Some(date) = head.get(..10) else { return false };
    let (Some(day), Some(clock)) = (day(date), Clock::read(clock)) else { return false };
    if !matches!(head.as_bytes()[10], b'T' | b't' | b' ') {
        return false;
    }
    match clock.offset {
        Some(0) => {
            out.extend_from_slice(date.as_bytes());
            out.push(b'T');
            out.extend_from_slice(clock.time.as_bytes());
        }
        Some(offset) => {
            let shifted = day
                .and_hms_opt(clock.hour, clock.minute, clock.second)
                .and_then(|local| local.checked_sub_signed(TimeDelta::minutes(offset.into())))
                .filter(in_years);
            let Some(utc) = shifted else { return false };
            stamp(&utc, clock.fraction, out);
        }
        None => return false,
    }
    out.push(b'Z');
    true
}

/// Whether a text is a date of the calendar, `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> bool {
    day(text).is_some()
}

/// Writes a time of day with its offset, as `Z` where that is zero.
pub(super) fn time(text: &str, out: &mut Vec<u8>) -> bool {
    match Clock::read(text) {
        Some(Clock { offset: Some(0), time, .. }) => {
            out.extend_from_slice(time.as_bytes());
            out.push(b'Z');
            true
        }
        Some(Clock { offset: Some(offset), time, .. }) => {
            out.extend_from_slice(time.as_bytes());
            let (sign, size) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
            write!(out, "{sign}{:02}:{:02}", size / 60, size % 60).is_ok()
        }
        _ => false,
    }
}

/// Writes the instant of a number of seconds since 1970, which may have a fraction.
pub(super) fn epoch(seconds: &str, out: &mut Vec<u8>) -> bool {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    // A fraction of a negative number counts backwards; no API sends one.
    if !fraction.is_empty() && seconds.starts_with('-') {
        return false;
    }
    let utc = whole.parse().ok().and_then(|whole| DateTime::from_timestamp(whole, 0));
    match utc.map(|utc| utc.naive_utc()).filter(in_years) {
        Some(utc) => {
            stamp(&utc, &seconds[whole.len()..], out);
            out.push(b'Z');
            true
        }
        None => false,
    }
}

/// Writes the instant of a whole number of milliseconds since 1970.
pub(super) fn epoch_millis(millis: &str, out: &mut Vec<u8>) -> bool {
    let utc = millis.parse().ok().and_then(DateTime::from_timestamp_millis);
    match utc.map(|utc| utc.naive_utc()).filter(in_years) {
        Some(utc) => {
            stamp(&utc, &utc.format("%.f").to_string(), out);
            out.push(b'Z');
            true
        }
        None => false,
    }
}

fn in_years(time: &NaiveDateTime) -> bool {
    (1..=9999).contains(&time.year())
}

fn stamp(utc: &NaiveDateTime, fraction: &str, out: &mut Vec<u8>) {
    write!(out, "{}{fraction}", utc.format("%Y-%m-%dT%H:%M:%S"))
        .expect("writing into memory does not fail");
}

fn day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = two(&bytes[..2])? * 100 + two(&bytes[2..4])?;
    let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(year, two(&bytes[5..7])?, two(&bytes[8..10])?)
}

/// A time of day with its offset in minutes.
struct Clock<'a> {
    hour: u32,
    minute: u32,
    second: u32,
    /// Hours to fraction, as written.
    time: &'a str,
    /// Point and digits, or empty.
    fraction: &'a str,
    offset: Option<i32>,
}

impl<'a> Clock<'a> {
    fn read(text: &'a str) -> Option<Clock<'a>> {
        let bytes = text.as_bytes();
        if bytes.len() < 8 || bytes[2] != b':' || bytes[5] != b':' {
            return None;
        }
        let (hour, minute, second) = (two(&bytes[..2])?, two(&bytes[3..5])?, two(&bytes[6..8])?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut end = 8;
        if bytes.get(end) == Some(&b'.') {
            end += 1 + bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if end == 9 {
                return None;
            }
        }
        let offset = offset(&bytes[end..])?;
        Some(Clock { hour, minute, second, time: &text[..end], fraction: &text[8..end], offset })
    }
}

/// The minutes of an offset; the inner none is an absent one.
fn offset(zone: &[u8]) -> Option<Option<i32>> {
    let (sign, hours, minutes) = match zone {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => {
            (*sign, two(&[*h1, *h2])?, two(&[*m1, *m2])?)
        }
        _ => return None,
    };
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        b'+' => Some(Some(total)),
        b'-' => Some(Some(-total)),
        _ => None,
    }
}

fn two(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: fn(&str, &mut Vec<u8>) -> bool, text: &str, expected: Option<&str>) {
        let mut out = Vec::new();
        let written = write(text, &mut out);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(written.then_some(out.as_str()), expected, "{text}");
        assert!(written || out.is_empty(), "{text} was refused and left {out}");
    }

    #[test]
    fn date_times_are_written_in_utc_with_their_fraction() {
        for (text, expected) in [
            ("2026-11-24T15:00:00Z", "2026-11-24T15:00:00Z"),
            ("2026-11-24t15:00:00z", "2026-11-24T15:00:00Z"),
            ("2026-11-24 15:00:00Z", "2026-11-24T15:00:00Z"),
            ("2026-11-24T15:00:00.120Z", "2026-11-24T15:00:00.120Z"),
            ("2026-11-24T15:00:00.1234567890123Z", "2026-11-24T15:00:00.1234567890123Z"),
            ("2026-11-24T15:00:00+00:00", "2026-11-24T15:00:00Z"),
            ("2026-11-24T15:00:00.000+0000", "2026-11-24T15:00:00.000Z"),
            ("2026-11-24T15:00:00-00:00", "2026-11-24T15:00:00Z"),
            ("2026-11-24T01:30:00.5+02:00", "2026-11-23T23:30:00.5Z"),
            ("2026-12-31T23:30:00-0530", "2027-01-01T05:00:00Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            check(date_time, text, Some(expected));
        }
    }

    #[test]
    fn what_names_no_instant_of_the_four_digit_years_is_refused() {
        for text in [
            "",
            "2026-11-24",
            "2026-11-24T15:00:00",
            "2026-11-24T15:00Z",
            "2026-11-24T24:00:00Z",
            "2026-12-31T23:59:60Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-24T15:00:00.Z",
            "2026-11-24T15:00:00,5Z",
            "2026-11-24T15:00:00+2:00",
            "2026-11-24T15:00:00+24:00",
            "2026-11-24T15:00:00+01:60",
            "2026-11-24T15:00:00*01:00",
            "2026-11-24T15:00:00Z ",
            " 2026-11-24T15:00:00Z",
            "2026-11-24X15:00:00Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+02:00",
            "9999-12-31T23:59:59-01:00",
            "+10000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "２026-11-24T15:00:00Z",
            "2026-11-2éT15:00:00Z",
            "2026-11-24é15:00:00Z",
            "yesterday at noon, or so",
        ] {
            check(date_time, text, None);
        }
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for text in ["2026-11-24", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert!(date(text), "{text}");
        }
        for text in
            ["2026-02-30", "0000-01-01", "2026-1-1", "2026-11-24T", "", "20261124", "2026/11/24"]
        {
            assert!(!date(text), "{text}");
        }
    }

    #[test]
    fn times_keep_their_offset() {
        check(time, "15:00:00Z", Some("15:00:00Z"));
        check(time, "15:00:00.250+0000", Some("15:00:00.250Z"));
        check(time, "15:00:00+0230", Some("15:00:00+02:30"));
        check(time, "15:00:00-02:00", Some("15:00:00-02:00"));
        for text in ["15:00:00", "15:00Z", "24:00:00Z", "15:00:60Z", "", "15:00:00 UTC"] {
            check(time, text, None);
        }
    }

    #[test]
    fn seconds_since_1970_become_instants() {
        check(epoch, "1764000000", Some("2025-11-24T16:00:00Z"));
        check(epoch, "1764000000.250", Some("2025-11-24T16:00:00.250Z"));
        check(epoch, "0", Some("1970-01-01T00:00:00Z"));
        check(epoch, "-1", Some("1969-12-31T23:59:59Z"));
        for text in ["", "x", "-1.5", "1764000000000000", "99999999999999999999"] {
            check(epoch, text, None);
        }
    }

    #[test]
    fn milliseconds_since_1970_become_instants() {
        check(epoch_millis, "1606929874512", Some("2020-12-02T17:24:34.512Z"));
        check(epoch_millis, "1606929874000", Some("2020-12-02T17:24:34Z"));
        check(epoch_millis, "-1", Some("1969-12-31T23:59:59.999Z"));
        for text in ["", "x", "1.5", "1606929874512000000"] {
            check(epoch_millis, text, None);
        }
    }
}
