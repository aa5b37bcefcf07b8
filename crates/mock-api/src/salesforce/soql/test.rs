//! Conditions that are checked, against a record.

use std::cmp::Ordering;

use super::ast::Operator;
use super::literal::Literal;
use crate::salesforce::field::{Field, Fill};
use crate::salesforce::object::Object;
use crate::salesforce::record::{Cell, Record};

/// What rows must be like; fields by their positions.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Compare(usize, Operator, Literal),
    In(usize, Vec<Literal>),
}

impl Test {
    pub(super) fn holds(&self, record: &Record<'_>, scratch: &mut String) -> bool {
        match self {
            Test::All(tests) => tests.iter().all(|test| test.holds(record, scratch)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(record, scratch)),
            Test::Not(test) => !test.holds(record, scratch),
            Test::Compare(at, operator, literal) => {
                let cell = record.cell(&record.object.fields[*at], scratch);
                compares(cell, *operator, literal)
            }
            Test::In(at, literals) => {
                let cell = record.cell(&record.object.fields[*at], scratch);
                literals.iter().any(|literal| compares(cell, Operator::Equal, literal))
            }
        }
    }

    /// The first and the last second that the time of the change may have.
    pub(super) fn range(&self, object: &Object) -> (u32, u32) {
        const ALL: (u32, u32) = (0, u32::MAX);
        let is_stamp = |field: &Field| field.fill == Fill::Stamp;
        match self {
            Test::All(tests) => tests.iter().fold(ALL, |range, test| {
                let other = test.range(object);
                (range.0.max(other.0), range.1.min(other.1))
            }),
            Test::Any(tests) => {
                let ranges = tests.iter().map(|test| test.range(object));
                ranges.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))).unwrap_or(ALL)
            }
            Test::Compare(at, operator, Literal::Time(time)) if is_stamp(&object.fields[*at]) => {
                let second = |time: i64| u32::try_from(time.max(0) / 1_000).unwrap_or(u32::MAX);
                match operator {
                    Operator::Equal => (second(*time), second(*time)),
                    Operator::Below | Operator::AtMost => (0, second(*time)),
                    Operator::Above | Operator::AtLeast => (second(*time), u32::MAX),
                    Operator::Unequal => ALL,
                }
            }
            _ => ALL,
        }
    }

    /// Whether it has a bound of any time.
    pub(super) fn has_window(&self, object: &Object) -> bool {
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().any(|test| test.has_window(object)),
            Test::Not(test) => test.has_window(object),
            Test::Compare(at, ..) => {
                let fill = object.fields[*at].fill;
                matches!(fill, Fill::Stamp | Fill::Modified | Fill::Created)
            }
            Test::In(..) => false,
        }
    }

    /// Whether rows must have one of some values in a field.
    pub(super) fn names(&self, at: usize) -> bool {
        match self {
            Test::All(tests) => tests.iter().any(|test| test.names(at)),
            Test::Compare(field, Operator::Equal, _) | Test::In(field, _) => *field == at,
            _ => false,
        }
    }
}

fn compares(cell: Cell<'_>, operator: Operator, literal: &Literal) -> bool {
    let is_null = cell == Cell::Null;
    match (operator, literal) {
        (Operator::Equal, Literal::Null) => is_null,
        (Operator::Unequal, Literal::Null) => !is_null,
        (Operator::Unequal, _) if is_null => true,
        _ if is_null => false,
        _ => order(cell, literal).is_some_and(|order| match operator {
            Operator::Equal => order.is_eq(),
            Operator::Unequal => order.is_ne(),
            Operator::Below => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::Above => order.is_gt(),
            Operator::AtLeast => order.is_ge(),
        }),
    }
}

fn order(cell: Cell<'_>, literal: &Literal) -> Option<Ordering> {
    Some(match (cell, literal) {
        (Cell::Bool(one), Literal::Bool(other)) => one.cmp(other),
        (Cell::Int(one), Literal::Number(other)) => (one as f64).total_cmp(other),
        (Cell::Double(units, scale), Literal::Number(other)) => {
            (units as f64 / 10f64.powi(scale as i32)).total_cmp(other)
        }
        (Cell::Text(one), Literal::Text(other)) => one.to_lowercase().cmp(&other.to_lowercase()),
        (Cell::Id(one), Literal::Id(other)) => one.place().cmp(other),
        (Cell::Instant(one), Literal::Time(other)) => (i64::from(one) * 1_000).cmp(other),
        (Cell::Day(one) | Cell::Hour(one), Literal::Time(other)) => i64::from(one).cmp(other),
        _ => return None,
    })
}

/// The order of two records by a field; nulls come first.
pub(super) fn compare(
    one: &Record<'_>,
    other: &Record<'_>,
    field: &Field,
    scratch: &mut (String, String),
) -> Ordering {
    let (one, other) = (one.cell(field, &mut scratch.0), other.cell(field, &mut scratch.1));
    match (one, other) {
        (Cell::Null, Cell::Null) => Ordering::Equal,
        (Cell::Null, _) => Ordering::Less,
        (_, Cell::Null) => Ordering::Greater,
        (Cell::Bool(one), Cell::Bool(other)) => one.cmp(&other),
        (Cell::Int(one), Cell::Int(other)) => one.cmp(&other),
        (Cell::Double(one, _), Cell::Double(other, _)) => one.cmp(&other),
        (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
        (Cell::Id(one), Cell::Id(other)) => one.place().cmp(&other.place()),
        (Cell::Instant(one), Cell::Instant(other))
        | (Cell::Day(one), Cell::Day(other))
        | (Cell::Hour(one), Cell::Hour(other)) => one.cmp(&other),
        _ => Ordering::Equal,
    }
}
