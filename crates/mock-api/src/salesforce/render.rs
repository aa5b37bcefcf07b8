//! Values as JSON and CSV have them.

use super::field::Field;
use super::id::Id;
use super::record::{Cell, Record};
use crate::json;

/// Where a record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style<'a> {
    /// The version of the API, such as `v60.0`.
    pub(super) version: &'a str,
    /// Whether instants have their offset as `+0000`, and not as `Z`.
    pub(super) has_offset: bool,
}

/// Appends the value of a field as JSON.
pub(super) fn json(
    record: &Record<'_>,
    field: &Field,
    style: Style<'_>,
    scratch: &mut String,
    out: &mut String,
) {
    match record.cell(field, scratch) {
        Cell::Null => out.push_str("null"),
        Cell::Bool(value) => json::boolean(value, out),
        Cell::Text(text) => json::text(text, out),
        Cell::Compound => compound(record, field, style, scratch, out),
        cell @ (Cell::Int(_) | Cell::Double(..)) => plain(cell, style, out),
        cell => {
            out.push('"');
            plain(cell, style, out);
            out.push('"');
        }
    }
}

fn compound(
    record: &Record<'_>,
    field: &Field,
    style: Style<'_>,
    scratch: &mut String,
    out: &mut String,
) {
    let mut separator = '{';
    for (at, key) in &field.parts {
        out.push(separator);
        json::text(key, out);
        out.push(':');
        json(record, &record.object.fields[*at], style, scratch, out);
        separator = ',';
    }
    out.push('}');
}

/// Appends the value of a field as CSV, always with quotes.
pub(super) fn csv(record: &Record<'_>, field: &Field, scratch: &mut String, out: &mut String) {
    const STYLE: Style<'_> = Style { version: "", has_offset: false };
    out.push('"');
    match record.cell(field, scratch) {
        Cell::Text(text) => quoted(text, out),
        cell => plain(cell, STYLE, out),
    }
    out.push('"');
}

/// Appends a text with its quotes doubled.
fn quoted(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..=at]);
        out.push('"');
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Appends what is no text, without quotes.
fn plain(cell: Cell<'_>, style: Style<'_>, out: &mut String) {
    match cell {
        Cell::Null | Cell::Compound => {}
        Cell::Bool(value) => json::boolean(value, out),
        Cell::Int(value) => integer(value, out),
        Cell::Double(units, scale) => double(units, scale, out),
        Cell::Text(text) => out.push_str(text),
        Cell::Id(id) => id.write(out),
        Cell::Instant(seconds) => instant(seconds, style.has_offset, out),
        Cell::Day(days) => {
            json::bare_instant(days.saturating_mul(86_400), out);
            out.truncate(out.len() - "T00:00:00Z".len());
        }
        Cell::Hour(seconds) => {
            let at = out.len();
            json::bare_instant(seconds, out);
            out.replace_range(at..at + "1970-01-01T".len(), "");
            out.truncate(out.len() - 1);
            out.push_str(".000Z");
        }
        Cell::Body(id) => body(id, style.version, out),
    }
}

fn body(id: Id, version: &str, out: &mut String) {
    out.push_str("/services/data/");
    out.push_str(version);
    out.push_str("/sobjects/Attachment/");
    id.write(out);
    out.push_str("/Body");
}

/// Appends an instant, such as `2026-01-02T03:04:05.000+0000`.
pub(super) fn instant(seconds: u32, has_offset: bool, out: &mut String) {
    json::bare_instant(seconds, out);
    out.truncate(out.len() - 1);
    out.push_str(if has_offset { ".000+0000" } else { ".000Z" });
}

/// An instant as answers have it.
pub(super) fn instant_text(seconds: u32) -> String {
    let mut text = String::new();
    instant(seconds, true, &mut text);
    text
}

fn integer(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    json::number(value.unsigned_abs(), out);
}

/// Appends a number as Java writes its doubles: with a point always, and with an exponent from ten
/// million on and below a thousandth.
fn double(units: i64, scale: u32, out: &mut String) {
    if units < 0 {
        out.push('-');
    }
    let mut digits = [0; 20];
    let (mut rest, mut length) = (units.unsigned_abs(), 0);
    while rest > 0 {
        digits[length] = b'0' + (rest % 10) as u8;
        rest /= 10;
        length += 1;
    }
    digits[..length].reverse();
    // Digits before the point; none or fewer if there are zeros after it.
    let point = length as i32 - scale as i32;
    let end = digits[..length].iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    let digits = &digits[..end];
    if digits.is_empty() {
        out.push_str("0.0");
        return;
    }
    let (before, exponent) =
        if (-2..=7).contains(&point) { (point, None) } else { (1, Some(point - 1)) };
    let split = usize::try_from(before).unwrap_or(0);
    let (whole, rest) = digits.split_at(split.min(end));
    if before <= 0 {
        out.push_str("0.");
        out.extend((before..0).map(|_| '0'));
    } else {
        json::ascii(whole, out);
        out.extend((end..split).map(|_| '0'));
        out.push('.');
    }
    json::ascii(if rest.is_empty() { b"0" } else { rest }, out);
    if let Some(exponent) = exponent {
        out.push('E');
        integer(exponent.into(), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_java_writes_them() {
        for (units, scale, text) in [
            (0, 2, "0.0"),
            (1_250, 2, "12.5"),
            (-5, 2, "-0.05"),
            (100, 0, "100.0"),
            (5, 3, "0.005"),
            (999_999_900, 2, "9999999.0"),
            (1_234_567_890, 2, "1.23456789E7"),
            (13_900_000_000, 2, "1.39E8"),
            (1, 4, "1.0E-4"),
            (-52_090_737, 6, "-52.090737"),
        ] {
            let mut written = String::new();
            double(units, scale, &mut written);
            assert_eq!(written, text, "{units} of scale {scale}");
        }
    }

    #[test]
    fn times_have_milliseconds() {
        let text = |cell| {
            let mut text = String::new();
            plain(cell, Style { version: "v60.0", has_offset: true }, &mut text);
            text
        };
        assert_eq!(text(Cell::Instant(1_793_491_200)), "2026-11-01T00:00:00.000+0000");
        assert_eq!(text(Cell::Day(1_793_491_200 / 86_400)), "2026-11-01");
        assert_eq!(text(Cell::Hour(3_723)), "01:02:03.000Z");
    }
}
