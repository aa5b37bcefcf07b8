//! Charges that customers question at their bank.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "disputes",
    about: "Charges that customers question at their bank.",
    schema: schema!("disputes"),
    path: "/v1/disputes",
    read: Read::Created("created"),
    changes: Changes {
        object: "dispute",
        types: &[
            "charge.dispute.closed",
            "charge.dispute.created",
            "charge.dispute.funds_reinstated",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
        ],
        ..Changes::NONE
    },
    ..Resource::LIST
};
