//! Money that came back from connected accounts.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "transfer_reversals",
    about: "Money that came back from connected accounts.",
    schema: schema!("transfer_reversals"),
    read: Read::Within("transfers", "reversals", &[("transfer", "id")]),
    ..Resource::LIST
};
