//! What products cost.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "prices",
    about: "What products cost.",
    schema: schema!("prices"),
    path: "/v1/prices",
    read: Read::Created("created"),
    changes: Changes {
        object: "price",
        types: &["price.created", "price.deleted", "price.updated"],
        deletes: &["price.deleted"],
        ..Changes::NONE
    },
    expand: &["tiers"],
    ..Resource::LIST
};
