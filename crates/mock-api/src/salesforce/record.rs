//! The values of a record, which follow from a few numbers.

use super::field::{Field, Fill, Type};
use super::id::Id;
use super::object::Object;
use super::row::Row;
use super::text::Roll;
use crate::seed::mix;

/// Makes large numbers of rolls that were divided.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// A number of units, of which ten to the power of the second are one.
    Double(i64, u32),
    Text(&'a str),
    Id(Id),
    /// Seconds of the epoch.
    Instant(u32),
    /// Days since 1970.
    Day(u32),
    /// Seconds of a day.
    Hour(u32),
    /// Where the bytes of a record can be read, within the version of the API.
    Body(Id),
    /// Made of the cells of other fields.
    Compound,
}

/// A row with its object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) object: &'a Object,
    pub(super) number: u32,
    pub(super) row: Row,
    base: u64,
}

impl<'a> Record<'a> {
    pub(super) fn new(object: &'a Object, number: u32, row: Row, seed: u64) -> Self {
        Self { object, number, row, base: mix(&[seed, number.into()]) }
    }

    /// The value of a field; texts are made in `scratch`.
    pub(super) fn cell<'s>(&self, field: &Field, scratch: &'s mut String) -> Cell<'s> {
        let id = |prefix| Cell::Id(Id { prefix, number: self.number });
        match field.fill {
            Fill::Id => return self.object.prefix.map_or(Cell::Null, id),
            Fill::Deleted => return Cell::Bool(self.row.is_deleted()),
            Fill::Created => return Cell::Instant(self.row.created),
            Fill::Modified => return Cell::Instant(self.row.modified),
            Fill::Stamp => return Cell::Instant(self.row.stamp),
            Fill::Nothing => return Cell::Null,
            Fill::Body => {
                let prefix = self.object.prefix.unwrap_or_default();
                return Cell::Body(Id { prefix, number: self.number });
            }
            _ => {}
        }
        // Parts of a whole are there, or not, together.
        let there = self.roll(field.whole.unwrap_or(field.at));
        if there % 100 < field.sparse {
            return Cell::Null;
        }
        let roll = if field.whole.is_some() { there } else { self.roll(field.at) } / 128;
        self.rolled(field, roll, scratch)
    }

    /// A number for a field.
    fn roll(&self, at: usize) -> u64 {
        mix(&[self.base, at as u64])
    }

    fn rolled<'s>(&self, field: &Field, roll: u64, scratch: &'s mut String) -> Cell<'s> {
        let changes = u64::from(self.row.version);
        match field.fill {
            Fill::Reference(_) => field.target.map_or(Cell::Null, |(prefix, count)| {
                Cell::Id(Id { prefix, number: (roll % u64::from(count)) as u32 })
            }),
            Fill::Chance => Cell::Bool(roll.is_multiple_of(3)),
            Fill::Number(below, scale) => {
                let units = (roll.wrapping_mul(SPREAD) >> 1) % below + changes;
                let units = i64::try_from(units % below).unwrap_or(i64::MAX);
                match field.kind {
                    Type::Int | Type::Long => Cell::Int(units),
                    _ => Cell::Double(if roll.is_multiple_of(17) { -units } else { units }, scale),
                }
            }
            Fill::Day => Cell::Day(self.row.created / 86_400 + (roll % 400) as u32),
            Fill::Hour => Cell::Hour((roll % 86_400) as u32),
            Fill::Latitude => Cell::Double(((roll / 16) % 180_000_000) as i64 - 90_000_000, 6),
            Fill::Longitude => Cell::Double((mix(&[roll]) % 360_000_000) as i64 - 180_000_000, 6),
            Fill::Parts => Cell::Compound,
            Fill::Any if roll.is_multiple_of(3) => Cell::Bool(roll.is_multiple_of(2)),
            Fill::Any if roll % 3 == 1 => Cell::Int((roll / 16 % 10_000) as i64),
            _ => {
                let roll = Roll { value: roll, row: self.number.into(), changes };
                roll.text(field, scratch).map_or(Cell::Null, Cell::Text)
            }
        }
    }
}
