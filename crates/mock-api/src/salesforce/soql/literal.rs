//! Values of conditions, as the type of their field has them.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike};

use super::ast::Word;
use crate::salesforce::error::Problem;
use crate::salesforce::field::{Field, Type};
use crate::salesforce::id::Id;

/// A value that cells are compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// The place of an id among all.
    Id(u128),
    /// Milliseconds of the epoch, days since 1970, or seconds of the day.
    Time(i64),
}

/// The value that a word stands for.
///
/// # Errors
/// It has quotes that it may not have, or none, or is no value of that type.
pub(super) fn literal(field: &Field, word: &Word) -> Result<Literal, Problem> {
    match word {
        Word::Bare(bare) if bare.eq_ignore_ascii_case("null") => Ok(Literal::Null),
        Word::Bare(bare) => self::bare(field, bare),
        Word::Quoted(text) => quoted(field, text),
    }
}

fn bare(field: &Field, text: &str) -> Result<Literal, Problem> {
    let number = || text.parse().ok().map(Literal::Number);
    let value = match field.kind {
        Type::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            _ => None,
        },
        Type::Int | Type::Long | Type::Double | Type::Currency | Type::Percent => number(),
        Type::DateTime => instant(text).map(Literal::Time),
        Type::Date => text.parse::<NaiveDate>().ok().map(|date| {
            let days = date.signed_duration_since(NaiveDate::default()).num_days();
            Literal::Time(days)
        }),
        Type::Time => NaiveTime::parse_from_str(text.trim_end_matches('Z'), "%H:%M:%S%.f")
            .ok()
            .map(|time| Literal::Time(time.num_seconds_from_midnight().into())),
        _ => {
            return Err(wrong(field, "and should be enclosed in quotes"));
        }
    };
    value.ok_or_else(|| wrong(field, &format!("(`{text}` is none)")))
}

fn quoted(field: &Field, text: &str) -> Result<Literal, Problem> {
    match field.kind {
        Type::Boolean
        | Type::Int
        | Type::Long
        | Type::Double
        | Type::Currency
        | Type::Percent
        | Type::DateTime
        | Type::Date
        | Type::Time => Err(wrong(field, "and should not be enclosed in quotes")),
        Type::Id | Type::Reference => Id::place_of(text).map(Literal::Id).ok_or_else(|| {
            Problem::new(400, "INVALID_QUERY_FILTER_OPERATOR", format!("invalid ID field: {text}"))
        }),
        _ => Ok(Literal::Text(text.to_owned())),
    }
}

/// Milliseconds of the epoch.
fn instant(text: &str) -> Option<i64> {
    let instant = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    instant.ok().map(|instant| instant.timestamp_millis())
}

fn wrong(field: &Field, rule: &str) -> Problem {
    let (name, kind) = (&field.name, field.kind.name());
    let text =
        format!("value of filter criterion for field '{name}' must be of type {kind} {rule}");
    Problem::new(400, "INVALID_FIELD", text)
}
