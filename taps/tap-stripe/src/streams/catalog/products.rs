//! What is sold.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "products",
    about: "What is sold.",
    schema: schema!("products"),
    path: "/v1/products",
    read: Read::Created("created"),
    changes: Changes {
        object: "product",
        types: &["product.created", "product.deleted", "product.updated"],
        deletes: &["product.deleted"],
        ..Changes::NONE
    },
    chosen_ids: true,
    ..Resource::LIST
};
