//! How one scalar is written, by the type that the schema declares.

use crate::schema::{Format, Kind};

use super::misfit::{Found, Misfit};
use super::{datetime, number, text};

/// The declared type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    String(Format),
    Integer,
    Number,
    Boolean,
}

/// How a value fitted its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Exact,
    /// Written, cleaned of characters that targets refuse.
    Sanitised,
    /// Written in another type, nothing lost.
    Coerced(Found),
    /// Nothing was written.
    Unfit(Found),
}

impl Fit {
    /// What is told of it.
    pub(super) fn misfit(self) -> Option<Misfit> {
        match self {
            Fit::Exact => None,
            Fit::Sanitised => Some(Misfit::Sanitised),
            Fit::Coerced(found) => Some(Misfit::Coerced(found)),
            Fit::Unfit(found) => Some(Misfit::Nulled(found)),
        }
    }
}

impl Rule {
    /// The rule of a scalar type, none for containers.
    pub(super) fn of(kind: &Kind) -> Option<Rule> {
        match kind {
            Kind::String(format) => Some(Rule::String(*format)),
            Kind::Integer => Some(Rule::Integer),
            Kind::Number => Some(Rule::Number),
            Kind::Boolean => Some(Rule::Boolean),
            Kind::Object(_) | Kind::Map | Kind::Array(_) => None,
        }
    }

    /// Writes a JSON value other than null in this type.
    ///
    /// A container where a plain string is declared is written as its JSON text, since that loses
    /// nothing.
    pub(super) fn write(self, value: &str, out: &mut Vec<u8>) -> Fit {
        let found = Found::of(value);
        match (self, found) {
            (Rule::String(Format::Plain), Found::String) => exact(text::string(value, out)),
            (Rule::String(Format::Plain), Found::Array | Found::Object) => {
                text::quoted(value, out);
                Fit::Coerced(found)
            }
            (Rule::String(Format::Plain), _) => {
                put(out, &["\"", value, "\""]);
                Fit::Coerced(found)
            }
            (Rule::String(Format::UnixTime), Found::Number) => unix_time(value, out),
            (Rule::String(format), Found::String) => formatted(format, value, out),
            (Rule::Integer, Found::Number | Found::String) => integer(value, found, out),
            (Rule::Number, Found::Number) | (Rule::Boolean, Found::Boolean) => {
                put(out, &[value]);
                Fit::Exact
            }
            (Rule::Number, Found::String) if number::is_number(inner(value)) => {
                put(out, &[inner(value)]);
                Fit::Coerced(found)
            }
            (Rule::Boolean, Found::String) if matches!(inner(value), "true" | "false") => {
                put(out, &[inner(value)]);
                Fit::Coerced(found)
            }
            _ => Fit::Unfit(found),
        }
    }
}

fn exact(cleaned: bool) -> Fit {
    if cleaned { Fit::Sanitised } else { Fit::Exact }
}

fn integer(value: &str, found: Found, out: &mut Vec<u8>) -> Fit {
    let text = if found == Found::String { inner(value) } else { value };
    if found == Found::String && !number::is_number(text) {
        return Fit::Unfit(found);
    }
    match number::whole(text) {
        Some(whole) => {
            put(out, &[&whole]);
            if whole == value { Fit::Exact } else { Fit::Coerced(found) }
        }
        None => Fit::Unfit(found),
    }
}

fn formatted(format: Format, value: &str, out: &mut Vec<u8>) -> Fit {
    let decoded;
    let content = if value.contains('\\') {
        decoded = text::decoded(value).unwrap_or_default();
        &decoded
    } else {
        inner(value)
    };
    let start = out.len();
    out.push(b'"');
    let fits = match format {
        Format::DateTime | Format::UnixTime => datetime::date_time(content, out),
        Format::Time => datetime::time(content, out),
        Format::Date => datetime::date(content) && put(out, &[content]),
        Format::Uuid => is_uuid(content) && put(out, &[content]),
        Format::Plain => false,
    };
    if !fits {
        out.truncate(start);
        return Fit::Unfit(Found::String);
    }
    out.push(b'"');
    Fit::Exact
}

fn unix_time(value: &str, out: &mut Vec<u8>) -> Fit {
    let start = out.len();
    out.push(b'"');
    if !datetime::epoch(value, out) {
        out.truncate(start);
        return Fit::Unfit(Found::Number);
    }
    out.push(b'"');
    Fit::Exact
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A JSON string without its quotes.
pub(super) fn inner(string: &str) -> &str {
    string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(string)
}

fn put(out: &mut Vec<u8>, parts: &[&str]) -> bool {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: Rule, value: &str, written: &str, fit: Fit) {
        let mut out = Vec::new();
        assert_eq!(rule.write(value, &mut out), fit, "{rule:?} {value}");
        assert_eq!(String::from_utf8(out).unwrap(), written, "{rule:?} {value}");
    }

    #[test]
    fn an_integer_takes_whole_numbers_in_any_form() {
        for value in ["1", "-1", "0", "18446744073709551616", "-0"] {
            check(Rule::Integer, value, value, Fit::Exact);
        }
        check(Rule::Integer, "1.0", "1", Fit::Coerced(Found::Number));
        check(Rule::Integer, "1e2", "100", Fit::Coerced(Found::Number));
        check(Rule::Integer, "\"1\"", "1", Fit::Coerced(Found::String));
        check(Rule::Integer, "\"1.0\"", "1", Fit::Coerced(Found::String));
        for value in ["1.5", "1e400"] {
            check(Rule::Integer, value, "", Fit::Unfit(Found::Number));
        }
        for value in ["\"1.5\"", "\"\"", "\" 1\"", "\"one\"", "\"1,000\"", "\"1e\""] {
            check(Rule::Integer, value, "", Fit::Unfit(Found::String));
        }
        check(Rule::Integer, "true", "", Fit::Unfit(Found::Boolean));
        check(Rule::Integer, "[1]", "", Fit::Unfit(Found::Array));
        check(Rule::Integer, "{}", "", Fit::Unfit(Found::Object));
    }

    #[test]
    fn a_number_keeps_its_text() {
        for value in ["1.10", "1", "-0.0", "1e400", "0.1000000000000000055", "18446744073709551616"]
        {
            check(Rule::Number, value, value, Fit::Exact);
        }
        check(Rule::Number, "\"1.10\"", "1.10", Fit::Coerced(Found::String));
        for value in ["\"\"", "\"NaN\"", "\"01\"", "\"1 \"", "\"Infinity\""] {
            check(Rule::Number, value, "", Fit::Unfit(Found::String));
        }
        check(Rule::Number, "false", "", Fit::Unfit(Found::Boolean));
    }

    #[test]
    fn a_boolean_takes_its_words() {
        check(Rule::Boolean, "true", "true", Fit::Exact);
        check(Rule::Boolean, "\"false\"", "false", Fit::Coerced(Found::String));
        check(Rule::Boolean, "\"yes\"", "", Fit::Unfit(Found::String));
        check(Rule::Boolean, "1", "", Fit::Unfit(Found::Number));
        check(Rule::Boolean, "[]", "", Fit::Unfit(Found::Array));
    }

    #[test]
    fn a_string_takes_everything_as_its_text() {
        let plain = Rule::String(Format::Plain);
        check(plain, "\"a\\u00e9\"", "\"a\\u00e9\"", Fit::Exact);
        check(plain, "\"a\\u0000\"", "\"a\"", Fit::Sanitised);
        check(plain, "1.10", "\"1.10\"", Fit::Coerced(Found::Number));
        check(plain, "true", "\"true\"", Fit::Coerced(Found::Boolean));
        check(plain, "[1, \"a\"]", "\"[1,\\\"a\\\"]\"", Fit::Coerced(Found::Array));
        check(plain, "{ }", "\"{}\"", Fit::Coerced(Found::Object));
    }

    #[test]
    fn a_format_is_checked() {
        let uuid = "\"123e4567-e89b-12d3-a456-42661417400F\"";
        check(Rule::String(Format::Uuid), uuid, uuid, Fit::Exact);
        check(Rule::String(Format::Uuid), "\"123e4567\"", "", Fit::Unfit(Found::String));
        check(Rule::String(Format::Date), "\"2026-11-24\"", "\"2026-11-24\"", Fit::Exact);
        check(Rule::String(Format::Date), "\"2026-11-31\"", "", Fit::Unfit(Found::String));
        check(Rule::String(Format::Time), "\"10:00:00Z\"", "\"10:00:00Z\"", Fit::Exact);
        let utc = "\"2026-11-24T13:00:00Z\"";
        for value in [utc, "\"2026-11-24T15:00:00\\u002B02:00\"", "\"2026-11-24T13:00:00+0000\""] {
            check(Rule::String(Format::DateTime), value, utc, Fit::Exact);
        }
        check(Rule::String(Format::DateTime), "\"\"", "", Fit::Unfit(Found::String));
        check(Rule::String(Format::DateTime), "\"\\ud800\"", "", Fit::Unfit(Found::String));
        check(Rule::String(Format::DateTime), "1764000000", "", Fit::Unfit(Found::Number));
        let unix = Rule::String(Format::UnixTime);
        check(unix, "1764000000", "\"2025-11-24T16:00:00Z\"", Fit::Exact);
        check(unix, "1764000000.25", "\"2025-11-24T16:00:00.25Z\"", Fit::Exact);
        check(unix, "\"2025-11-24T16:00:00Z\"", "\"2025-11-24T16:00:00Z\"", Fit::Exact);
        check(unix, "1e99", "", Fit::Unfit(Found::Number));
    }
}
