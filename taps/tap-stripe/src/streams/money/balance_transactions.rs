//! Every movement of money on the balance.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "balance_transactions",
    about: "Every movement of money on the balance.",
    schema: schema!("balance_transactions"),
    path: "/v1/balance_transactions",
    read: Read::Created("created"),
    ..Resource::LIST
};
