//! Payments with issued cards that are questioned.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "issuing_disputes",
    about: "Payments with issued cards that are questioned.",
    schema: schema!("issuing_disputes"),
    path: "/v1/issuing/disputes",
    read: Read::Created("created"),
    changes: Changes {
        object: "issuing.dispute",
        types: &[
            "issuing_dispute.closed",
            "issuing_dispute.created",
            "issuing_dispute.funds_reinstated",
            "issuing_dispute.funds_rescinded",
            "issuing_dispute.submitted",
            "issuing_dispute.updated",
        ],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
