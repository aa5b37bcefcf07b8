//! Which of the records that an API sends are those of a stream.

use super::rule::inner;
use super::sheet::Sheet;
use super::slot::Look;
use super::text::decoded;

/// Beside null, what counts as nothing.
const EMPTY: [&str; 5] = ["false", "0", "\"\"", "[]", "{}"];

/// What holds of every record of a stream, as it is after its transforms; made by the functions of
/// this module. A record of which it does not hold is passed over, and needs no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// See [`is`].
    Is {
        /// The path of the field.
        field: String,
        /// The text that it has.
        text: String,
    },
    /// See [`any`].
    Any {
        /// The paths of the fields.
        fields: Vec<String>,
    },
}

/// The string at a path is this one.
pub fn is(field: &str, text: &str) -> Filter {
    Filter::Is { field: field.to_owned(), text: text.to_owned() }
}

/// At least one of these paths has something: neither null, false, zero nor empty.
pub fn any<const N: usize>(fields: [&str; N]) -> Filter {
    Filter::Any { fields: fields.map(str::to_owned).to_vec() }
}

impl Filter {
    /// The paths that it reads.
    pub(super) fn fields(&self) -> &[String] {
        match self {
            Filter::Is { field, .. } => std::slice::from_ref(field),
            Filter::Any { fields } => fields,
        }
    }

    /// The text that it wants.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Filter::Is { text, .. } => Some(text),
            Filter::Any { .. } => None,
        }
    }
}

/// A filter, on slots.
#[derive(Debug)]
pub(super) struct Sieve {
    /// The fields that records may have.
    pub(super) slots: Vec<usize>,
    /// The text that one of them must be; none if it must be something.
    pub(super) text: Option<String>,
}

impl Sieve {
    pub(super) fn holds(&self, sheet: &Sheet<'_>) -> bool {
        self.slots.iter().any(|slot| match (sheet.slots[*slot].look(&sheet.made), &self.text) {
            (Look::Absent | Look::Null, _) => false,
            (Look::Text(found), Some(text)) if found.contains('\\') => {
                decoded(found).is_some_and(|found| found == *text)
            }
            (Look::Text(found), Some(text)) => found.starts_with('"') && inner(found) == text,
            (Look::Text(found), None) => !EMPTY.contains(&found),
        })
    }
}
