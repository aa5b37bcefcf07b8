//! What the index pass leaves behind for each field.

/// The value of one field of the record at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Slot<'a> {
    /// The record has no such field.
    #[default]
    Absent,
    /// The JSON text as it stands in the body, or a constant. The fields of an object that is
    /// declared are in slots of their own beside.
    Text(&'a str),
    /// JSON text that a transform made: a range of the sheet's `made`.
    Made(usize, usize),
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
        }
    }
}

/// A slot as its readers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look<'m> {
    Absent,
    Null,
    Text(&'m str),
}
