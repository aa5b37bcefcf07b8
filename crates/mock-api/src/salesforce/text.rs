//! Texts of records: words and numbers that a roll chooses.

use Part::{N, T};

use super::field::{Field, Fill};
use super::words::{BRANCHES, CITIES, COMPANIES, FIRST_NAMES, HARD, LAST_NAMES, STREETS, WORDS};
use crate::json;

/// What a text follows from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roll {
    /// The number that was rolled.
    pub(super) value: u64,
    /// The number of the row.
    pub(super) row: u64,
    /// How often the row was changed.
    pub(super) changes: u64,
}

impl Roll {
    fn of<'a>(self, words: &[&'a str]) -> &'a str {
        words[(self.value % words.len() as u64) as usize]
    }

    /// A second choice, which has nothing to do with the first.
    fn other(self) -> Self {
        Self { value: self.value / 16, ..self }
    }

    fn below(self, limit: u64) -> Part<'static> {
        N(self.value % limit)
    }

    fn place(self) -> (&'static str, &'static str, &'static str) {
        CITIES[(self.value % CITIES.len() as u64) as usize]
    }

    /// The text of a field, made in `out` if it is not ready; `None` for null.
    pub(super) fn text<'s>(self, field: &Field, out: &'s mut String) -> Option<&'s str> {
        let other = self.other();
        let parts: &[Part<'_>] = match field.fill {
            Fill::First => return Some(self.of(&FIRST_NAMES)),
            Fill::Last => return Some(self.of(&LAST_NAMES)),
            Fill::Hard => return Some(self.of(&HARD)).filter(|text| !text.is_empty()),
            Fill::Pick => return Some(self.of(field.picks)),
            Fill::City => return Some(self.place().0),
            Fill::State => return Some(self.place().1),
            Fill::Country => return Some(self.place().2),
            Fill::Picks => return self.picks(field, out),
            Fill::Company => &[
                T(self.of(&COMPANIES)),
                T(" "),
                T(other.of(&BRANCHES)),
                T(" "),
                N(self.row),
                T(" v"),
                N(self.changes),
            ],
            Fill::Person => &[
                T(self.of(&FIRST_NAMES)),
                T(" "),
                T(other.of(&LAST_NAMES)),
                T(" "),
                N(self.changes),
            ],
            Fill::Phone => &[
                T("+"),
                self.below(90),
                T(" ("),
                other.below(1_000),
                T(") "),
                other.other().below(10_000_000),
            ],
            Fill::Url => {
                &[T("https://www.example.com/"), other.below(10_000), T("?a=1&b="), self.below(9)]
            }
            Fill::Email => &[T("user"), N(self.row), T("@customers.example")],
            Fill::Street => &[other.below(400), T(" "), T(self.of(&STREETS))],
            Fill::Postal => &[T("0"), N(1_000 + other.value % 9_000)],
            _ => &[T(self.of(&WORDS)), T(" "), N(other.value % 1_000 + self.changes)],
        };
        out.clear();
        for part in parts {
            match part {
                T(text) => out.push_str(text),
                N(number) => json::number(*number, out),
            }
        }
        Some(out)
    }

    /// Some of the values that can be chosen.
    fn picks<'s>(self, field: &Field, out: &'s mut String) -> Option<&'s str> {
        out.clear();
        let bits = self.other().value;
        for (_, pick) in (0..).zip(field.picks).filter(|(at, _)| bits >> at & 1 == 1) {
            if !out.is_empty() {
                out.push(';');
            }
            out.push_str(pick);
        }
        Some(out.as_str()).filter(|text| !text.is_empty())
    }
}

/// A part of a text: a text, or a number.
enum Part<'a> {
    T(&'a str),
    N(u64),
}
