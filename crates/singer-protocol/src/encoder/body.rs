//! Why a body gave no records.

use std::fmt;

use super::misfit::Found;

/// A body that is not what the frame promises. Nothing of it was kept.
///
/// It quotes nothing of the body but names of fields, which stand in the pointer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body breaks at byte {offset}, {}: {fault}", place(pointer))]
pub struct BodyError {
    /// How many bytes were read until it was noticed.
    pub offset: usize,
    /// JSON pointer of the value that was being read.
    pub pointer: String,
    /// What is wrong there.
    pub fault: BodyFault,
}

fn place(pointer: &str) -> String {
    if pointer.is_empty() { "at its root".to_owned() } else { format!("in `{pointer}`") }
}

/// What can be wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// It ends too early.
    Cut,
    /// It is no JSON; the text says which rule it breaks.
    Syntax(&'static str),
    /// There is nothing at the pointer of the records.
    NoRecords,
    /// The records are no list.
    NotAList(Found),
    /// The record is no object.
    NotAnObject(Found),
    /// The records stand there twice, under one name.
    Twice,
    /// Containers nest deeper than 128.
    TooDeep,
    /// A line of CSV has another number of values than there are columns.
    Columns {
        /// The values.
        found: usize,
        /// The columns.
        of: usize,
    },
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BodyFault::Cut => f.write_str("it ends in the middle (it was cut short)"),
            BodyFault::Syntax(rule) => write!(f, "not valid JSON ({rule})"),
            BodyFault::NoRecords => {
                f.write_str("no records there (a list may be empty, not absent)")
            }
            BodyFault::NotAList(found) => write!(f, "{found} instead of the list of records"),
            BodyFault::NotAnObject(found) => write!(f, "{found} instead of the record"),
            BodyFault::Twice => f.write_str("the records stand there twice"),
            BodyFault::Columns { found, of } => {
                write!(f, "a line of CSV has {found} values for {of} columns")
            }
            BodyFault::TooDeep => f.write_str("containers nest too deep (at most 128)"),
        }
    }
}
