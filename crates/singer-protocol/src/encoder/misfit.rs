//! Values that did not fit, counted instead of logged one by one.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The JSON type of a value that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Found {
    /// The type of a JSON value, told by its first byte.
    pub(super) fn of(text: &str) -> Found {
        match text.as_bytes().first() {
            Some(b'{') => Found::Object,
            Some(b'[') => Found::Array,
            Some(b'"') => Found::String,
            Some(b't' | b'f') => Found::Boolean,
            Some(b'n') => Found::Null,
            _ => Found::Number,
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Found::Null => "null",
            Found::Boolean => "a boolean",
            Found::Number => "a number",
            Found::String => "a string",
            Found::Array => "a list",
            Found::Object => "an object",
        })
    }
}

/// What happened to a value that was not as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Misfit {
    /// Written in the declared type, nothing lost.
    Coerced(Found),
    /// Written as null, or left out of a list whose items may not be null.
    Nulled(Found),
    /// A text freed of NUL, lone surrogates or bytes that are no UTF-8.
    Sanitised,
    /// A name that came twice in one object; the last value was kept.
    Repeated,
    /// A field that no schema declares, left out.
    Undeclared,
    /// A field that no schema declares, kept with others in a field of their own.
    Kept,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misfit::Coerced(found) => write!(f, "{found}, converted without loss"),
            Misfit::Nulled(found) => write!(f, "{found} that does not fit, written as null"),
            Misfit::Sanitised => f.write_str("a text with characters that targets refuse, cleaned"),
            Misfit::Repeated => f.write_str("a repeated name, the last value kept"),
            Misfit::Undeclared => f.write_str("a field that the schema does not declare, left out"),
            Misfit::Kept => f.write_str("a field that the schema does not declare, kept as text"),
        }
    }
}

/// How often each misfit was met, by JSON pointer.
///
/// Pointers of values lead into the record as it is written; those of [`Misfit::Undeclared`],
/// [`Misfit::Kept`] and [`Misfit::Repeated`] into the record as it came. `*` stands for any item of a list, and after
/// 256 undeclared names of one object for the others. The empty pointer is the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misfits {
    counts: BTreeMap<(String, Misfit), u64>,
}

impl Misfits {
    /// Whether every value was as declared.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Each misfit with its pointer and count, in the order of pointers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Misfit, u64)> {
        self.counts.iter().map(|((pointer, misfit), count)| (pointer.as_str(), *misfit, *count))
    }

    /// Counts `times` more of a misfit.
    pub fn add(&mut self, pointer: &str, misfit: Misfit, times: u64) {
        *self.counts.entry((pointer.to_owned(), misfit)).or_default() += times;
    }

    /// Adds all counts of another.
    pub fn merge(&mut self, other: &Misfits) {
        for (pointer, misfit, times) in other.iter() {
            self.add(pointer, misfit, times);
        }
    }

    /// Forgets all counts.
    pub fn clear(&mut self) {
        self.counts.clear();
    }
}

/// The counts of one page, by number of place instead of pointer.
#[derive(Debug, Default)]
pub(super) struct Notes {
    counts: HashMap<(u32, Misfit), u64>,
}

impl Notes {
    pub(super) fn add(&mut self, place: u32, misfit: Misfit) {
        *self.counts.entry((place, misfit)).or_default() += 1;
    }

    pub(super) fn tell(&self, places: &[String], misfits: &mut Misfits) {
        for ((place, misfit), times) in &self.counts {
            misfits.add(&places[*place as usize], *misfit, *times);
        }
    }
}
