//! Changes of the credit balance of customers. One request for each customer that changed.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "customer_balance_transactions",
    about: "Changes of the credit balance of customers. One request for each customer that changed.",
    schema: schema!("customer_balance_transactions"),
    path: "/v1/customers/{customer}/balance_transactions",
    read: Read::OfChanged("customers", None),
    selected: false,
    ..Resource::LIST
};
