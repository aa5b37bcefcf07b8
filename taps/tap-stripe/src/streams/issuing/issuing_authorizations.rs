//! Attempts to pay with issued cards.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "issuing_authorizations",
    about: "Attempts to pay with issued cards.",
    schema: schema!("issuing_authorizations"),
    path: "/v1/issuing/authorizations",
    read: Read::Created("created"),
    changes: Changes {
        object: "issuing.authorization",
        types: &[
            "issuing_authorization.created",
            "issuing_authorization.request",
            "issuing_authorization.updated",
        ],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
