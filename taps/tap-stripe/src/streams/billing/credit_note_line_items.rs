//! Lines of credit notes.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "credit_note_line_items",
    about: "Lines of credit notes.",
    schema: schema!("credit_note_line_items"),
    key: &["id", "credit_note"],
    read: Read::Within("credit_notes", "lines", &[("credit_note", "id")]),
    ..Resource::LIST
};
