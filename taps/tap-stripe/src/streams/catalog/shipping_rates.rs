//! What shipping costs.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "shipping_rates",
    about: "What shipping costs.",
    schema: schema!("shipping_rates"),
    path: "/v1/shipping_rates",
    read: Read::Created("created"),
    ..Resource::LIST
};
