//! Money sent to connected accounts, with what came back.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "transfers",
    about: "Money sent to connected accounts, with what came back.",
    schema: schema!("transfers"),
    path: "/v1/transfers",
    read: Read::Created("created"),
    changes: Changes {
        object: "transfer",
        types: &["transfer.created", "transfer.reversed", "transfer.updated"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
