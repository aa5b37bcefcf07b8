//! Tax ids of customers.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "tax_ids",
    about: "Tax ids of customers.",
    schema: schema!("tax_ids"),
    read: Read::Within("customers", "tax_ids", &[("customer", "id")]),
    ..Resource::LIST
};
