//! Payment methods of customers. One request for each customer and run.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "payment_methods",
    about: "Payment methods of customers. One request for each customer and run.",
    schema: schema!("payment_methods"),
    path: "/v1/customers/{customer}/payment_methods",
    read: Read::OfEach("customers", None),
    selected: false,
    ..Resource::LIST
};
