//! What the index pass leaves behind for each field.

use super::misfit::Found;

/// The value of one field of the record at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Slot<'a> {
    /// The record has no such field.
    #[default]
    Absent,
    /// The JSON text as it stands in the body, or a constant.
    Text(&'a str),
    /// JSON text that a transform made: a range of the sheet's `made`.
    Made(usize, usize),
    /// An object whose fields went into slots of their own.
    Object,
    /// Something else where an object is declared.
    Unfit(Found),
}

impl<'a> Slot<'a> {
    pub(super) const NULL: Slot<'static> = Slot::Text("null");

    pub(super) fn look<'m>(self, made: &'m str) -> Look<'m>
    where
        'a: 'm,
    {
        match self {
            Slot::Absent => Look::Absent,
            Slot::Text("null") => Look::Null,
            Slot::Text(text) => Look::Text(text),
            Slot::Made(start, end) => Look::Text(&made[start..end]),
            Slot::Object => Look::Object,
            Slot::Unfit(found) => Look::Unfit(found),
        }
    }
}

/// A slot as its readers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look<'m> {
    Absent,
    Null,
    Text(&'m str),
    Object,
    Unfit(Found),
}
