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
    /// The JSON text of a string without escapes.
    Plain(&'a str),
    /// The text of a list whose objects have been read into the sheet's items.
    Items(&'a str, Items),
    /// JSON text that a transform made: a range of the sheet's `made`.
    Made(usize, usize),
}

/// Objects of a list that have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Items {
    /// The shape they have.
    pub(super) shape: u32,
    /// The first slot of the first, among the items of that shape.
    pub(super) start: u32,
    pub(super) count: u32,
}

impl<'a> Slot<'a> {
    pub(super) const NULL: Slot<'static> = Slot::Text("null");

    /// The same value without what is known of its text.
    pub(super) fn forget(self) -> Slot<'a> {
        match self {
            Slot::Plain(text) | Slot::Items(text, _) => Slot::Text(text),
            other => other,
        }
    }

    pub(super) fn look<'m>(self, made: &'m str) -> Look<'m>
    where
        'a: 'm,
    {
        match self {
            Slot::Absent => Look::Absent,
            Slot::Text("null") => Look::Null,
            Slot::Text(text) | Slot::Plain(text) | Slot::Items(text, _) => Look::Text(text),
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
