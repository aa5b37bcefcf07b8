//! Credit notes, with all their lines.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "credit_notes",
    about: "Credit notes, with all their lines.",
    schema: schema!("credit_notes"),
    path: "/v1/credit_notes",
    read: Read::Created("created"),
    changes: Changes {
        object: "credit_note",
        types: &["credit_note.created", "credit_note.updated", "credit_note.voided"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
