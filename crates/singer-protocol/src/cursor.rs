//! Bookmark values, typed and compared by kind.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde_json::Value;

use crate::error::Error;

/// How the values of a replication key are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CursorKind {
    /// Points in time, whatever the offset of their text.
    Instant,
    /// Whole numbers of 64 bits.
    Integer,
    /// Texts, compared byte by byte.
    Text,
}

impl CursorKind {
    pub(crate) fn expected(self) -> &'static str {
        match self {
            CursorKind::Instant => "an RFC 3339 date-time, or seconds since 1970 as a number",
            CursorKind::Integer => "a whole number of 64 bits",
            CursorKind::Text => "a string",
        }
    }
}

impl fmt::Display for CursorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CursorKind::Instant => "an instant",
            CursorKind::Integer => "an integer",
            CursorKind::Text => "a text",
        })
    }
}

/// A bookmark value: a place in a stream's order.
///
/// Values of one kind are ordered as their kind says; values of different kinds never meet, since
/// the kind belongs to the stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cursor {
    /// A point in time.
    Instant(DateTime<Utc>),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(Arc<str>),
}

impl Cursor {
    /// Reads a value from its text, without quotes.
    ///
    /// An instant may be RFC 3339, may lack its offset (then it is UTC) or its time (then it is
    /// midnight), and may have `+0000` for `+00:00`.
    ///
    /// # Errors
    /// [`Error::Cursor`] when the text is no value of `kind`.
    pub fn parse(kind: CursorKind, text: &str) -> Result<Cursor, Error> {
        let cursor = match kind {
            CursorKind::Instant => instant(text).map(Cursor::Instant),
            CursorKind::Integer => text.parse().ok().map(Cursor::Integer),
            CursorKind::Text => Some(Cursor::Text(text.into())),
        };
        cursor.ok_or(Error::Cursor { kind })
    }

    /// Reads a value from JSON: a string, or a number for integers and, as seconds, for instants.
    ///
    /// # Errors
    /// [`Error::Cursor`] when the value is none of `kind`.
    pub fn from_json(kind: CursorKind, value: &Value) -> Result<Cursor, Error> {
        match (kind, value) {
            (_, Value::String(text)) => Cursor::parse(kind, text),
            (CursorKind::Integer, Value::Number(number)) => {
                number.as_i64().map(Cursor::Integer).ok_or(Error::Cursor { kind })
            }
            (CursorKind::Instant, Value::Number(number)) => number
                .as_i64()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
                .map(Cursor::Instant)
                .ok_or(Error::Cursor { kind }),
            (CursorKind::Text, Value::Number(number)) => {
                Ok(Cursor::Text(number.to_string().into()))
            }
            _ => Err(Error::Cursor { kind }),
        }
    }

    /// The value as it stands in a state: a number for integers, else a string.
    pub fn to_json(&self) -> Value {
        match self {
            Cursor::Integer(number) => Value::from(*number),
            Cursor::Instant(_) | Cursor::Text(_) => Value::String(self.to_string()),
        }
    }

    /// The kind of this value.
    pub fn kind(&self) -> CursorKind {
        match self {
            Cursor::Instant(_) => CursorKind::Instant,
            Cursor::Integer(_) => CursorKind::Integer,
            Cursor::Text(_) => CursorKind::Text,
        }
    }
}

/// The text of the value: instants in UTC as `2026-11-24T15:00:00Z`, with a fraction only where
/// there is one.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cursor::Instant(time) => {
                f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            }
            Cursor::Integer(number) => write!(f, "{number}"),
            Cursor::Text(text) => f.write_str(text),
        }
    }
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .map(|time| time.with_timezone(&Utc))
        .ok()
        .or_else(|| without_offset(text))?;
    // Beyond these years the text form has a sign or five digits, which no reader takes back.
    let first = NaiveDate::from_ymd_opt(1, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    (first..=last).contains(&time.date_naive()).then_some(time)
}

fn without_offset(text: &str) -> Option<DateTime<Utc>> {
    let date_time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"));
    let naive = match date_time {
        Ok(naive) => naive,
        Err(_) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?,
    };
    Some(naive.and_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(kind: CursorKind, value: Value, text: Option<&str>) {
        let read = Cursor::from_json(kind, &value);
        assert_eq!(read.as_ref().ok().map(ToString::to_string).as_deref(), text, "{value}");
        if let Ok(cursor) = read {
            assert_eq!(cursor.kind(), kind);
            assert_eq!(Cursor::from_json(kind, &cursor.to_json()).unwrap(), cursor, "{value}");
            assert_eq!(Cursor::parse(kind, &cursor.to_string()).unwrap(), cursor, "{value}");
        }
    }

    #[test]
    fn instants_are_read_in_the_forms_that_states_hold() {
        for (value, text) in [
            (json!("2026-11-24T15:00:00Z"), Some("2026-11-24T15:00:00Z")),
            (json!("2026-11-24T15:00:00+00:00"), Some("2026-11-24T15:00:00Z")),
            (json!("2026-11-24T17:00:00.250+02:00"), Some("2026-11-24T15:00:00.250Z")),
            (json!("2026-11-24T15:00:00.123456Z"), Some("2026-11-24T15:00:00.123456Z")),
            (json!("2026-11-24T15:00:00.000+0000"), Some("2026-11-24T15:00:00Z")),
            (json!("2026-11-24T15:00:00"), Some("2026-11-24T15:00:00Z")),
            (json!("2026-11-24 15:00:00"), Some("2026-11-24T15:00:00Z")),
            (json!("2026-11-24"), Some("2026-11-24T00:00:00Z")),
            (json!(1_764_000_000), Some("2025-11-24T16:00:00Z")),
            (json!("9999-12-31T23:59:59Z"), Some("9999-12-31T23:59:59Z")),
            (json!("9999-12-31T23:59:59-02:00"), None),
            (json!("0000-01-01T00:00:00Z"), None),
            (json!("+10000-01-01T00:00:00Z"), None),
            (json!("yesterday"), None),
            (json!(""), None),
            (json!(1.5), None),
            (json!(true), None),
            (Value::Null, None),
        ] {
            check(CursorKind::Instant, value, text);
        }
    }

    #[test]
    fn integers_and_texts_keep_their_value() {
        check(CursorKind::Integer, json!(42), Some("42"));
        check(CursorKind::Integer, json!("-7"), Some("-7"));
        check(CursorKind::Integer, json!(i64::MAX), Some("9223372036854775807"));
        check(CursorKind::Integer, json!(u64::MAX), None);
        check(CursorKind::Integer, json!("1.0"), None);
        check(CursorKind::Text, json!("a/b"), Some("a/b"));
        check(CursorKind::Text, json!(17), Some("17"));
        check(CursorKind::Text, json!([]), None);
    }

    #[test]
    fn instants_are_compared_as_instants_and_integers_as_numbers() {
        let later = Cursor::parse(CursorKind::Instant, "2026-11-24T05:00:00Z").unwrap();
        let earlier = Cursor::parse(CursorKind::Instant, "2026-11-24T10:00:00+10:00").unwrap();
        assert!(earlier < later);
        let nine = Cursor::parse(CursorKind::Integer, "9").unwrap();
        assert!(nine < Cursor::Integer(10));
    }
}
