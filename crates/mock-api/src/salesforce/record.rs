//! The values of a record, which follow from a few numbers.

use std::fmt::Write;

use super::field::{Field, Fill, Type};
use super::id::Id;
use super::object::Object;
use super::row::Row;
use super::words::{BRANCHES, CITIES, COMPANIES, FIRST_NAMES, HARD, LAST_NAMES, STREETS, WORDS};
use crate::seed::{Dice, mix};

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

    /// A number for a field, which is another one after a change where that is allowed.
    fn roll(&self, at: usize) -> u64 {
        Dice::new(&[self.base]).pick(at as u64, u64::MAX)
    }

    fn rolled<'s>(&self, field: &Field, roll: u64, out: &'s mut String) -> Cell<'s> {
        let changes = u64::from(self.row.version);
        let of = |words: &[&'static str]| words[(roll % words.len() as u64) as usize];
        let more = roll / 16;
        out.clear();
        let place = CITIES[(roll % CITIES.len() as u64) as usize];
        let written = match field.fill {
            Fill::Reference(_) => {
                return field.target.map_or(Cell::Null, |(prefix, count)| {
                    Cell::Id(Id { prefix, number: (roll % u64::from(count)) as u32 })
                });
            }
            Fill::Company => {
                let branch = BRANCHES[(more % BRANCHES.len() as u64) as usize];
                let edition = if changes > 0 { " v" } else { "" };
                write!(out, "{} {branch} {}{edition}", of(&COMPANIES), self.number)
                    .and_then(|()| if changes > 0 { write!(out, "{changes}") } else { Ok(()) })
            }
            Fill::First => return Cell::Text(of(&FIRST_NAMES)),
            Fill::Last => return Cell::Text(of(&LAST_NAMES)),
            Fill::Person => {
                let last = LAST_NAMES[(more % LAST_NAMES.len() as u64) as usize];
                write!(out, "{} {last} {changes}", of(&FIRST_NAMES))
            }
            Fill::Words => write!(out, "{} {}", of(&WORDS), more % 1_000 + changes),
            Fill::Hard => {
                let text = of(&HARD);
                return if text.is_empty() { Cell::Null } else { Cell::Text(text) };
            }
            Fill::Pick => return Cell::Text(of(field.picks)),
            Fill::Picks => {
                let chosen = field.picks.iter().enumerate();
                for (at, pick) in chosen.filter(|(at, _)| more >> at & 1 == 1) {
                    if at > 0 && !out.is_empty() {
                        out.push(';');
                    }
                    out.push_str(pick);
                }
                if out.is_empty() {
                    return Cell::Null;
                }
                Ok(())
            }
            Fill::Chance => return Cell::Bool(roll.is_multiple_of(3)),
            Fill::Number(below, scale) => {
                let units = (roll.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1) % below + changes;
                let units = i64::try_from(units % below.max(1)).unwrap_or(i64::MAX);
                return match field.kind {
                    Type::Int | Type::Long => Cell::Int(units),
                    _ => Cell::Double(if roll.is_multiple_of(17) { -units } else { units }, scale),
                };
            }
            Fill::Day => return Cell::Day(self.row.created / 86_400 + (roll % 400) as u32),
            Fill::Hour => return Cell::Hour((roll % 86_400) as u32),
            Fill::Phone => {
                write!(out, "+{} ({}) {:07}", roll % 90 + 1, more % 1_000, more % 9_999_999)
            }
            Fill::Url => {
                write!(out, "https://www.example.com/{}?a=1&b={}", more % 10_000, roll % 9)
            }
            Fill::Email => write!(out, "user{}@customers.example", self.number),
            Fill::Street => write!(out, "{} {}", more % 400 + 1, of(&STREETS)),
            Fill::City => return Cell::Text(place.0),
            Fill::State => return Cell::Text(place.1),
            Fill::Country => return Cell::Text(place.2),
            Fill::Postal => write!(out, "{:05}", more % 100_000),
            Fill::Latitude => return Cell::Double((more % 180_000_000) as i64 - 90_000_000, 6),
            Fill::Longitude => {
                let units = mix(&[more]) % 360_000_000;
                return Cell::Double(units as i64 - 180_000_000, 6);
            }
            Fill::Any => match roll % 3 {
                0 => return Cell::Bool(more.is_multiple_of(2)),
                1 => return Cell::Int((more % 10_000) as i64),
                _ => write!(out, "{} {}", of(&WORDS), more % 100),
            },
            _ => return Cell::Compound,
        };
        written.expect("a `String` takes any text");
        Cell::Text(out)
    }
}
