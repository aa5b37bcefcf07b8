//! Money added to the balance.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "top_ups",
    about: "Money added to the balance.",
    schema: schema!("top_ups"),
    path: "/v1/topups",
    read: Read::Created("created"),
    changes: Changes {
        object: "topup",
        types: &[
            "topup.canceled",
            "topup.created",
            "topup.failed",
            "topup.reversed",
            "topup.succeeded",
        ],
        ..Changes::NONE
    },
    ..Resource::LIST
};
