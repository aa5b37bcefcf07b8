//! Money given back to customers.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "refunds",
    about: "Money given back to customers.",
    schema: schema!("refunds"),
    path: "/v1/refunds",
    read: Read::Created("created"),
    changes: Changes {
        object: "refund",
        types: &["refund.created", "refund.failed", "refund.updated", "charge.refund.updated"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
