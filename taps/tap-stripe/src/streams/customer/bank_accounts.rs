//! Bank accounts among the payment sources of customers.

use singer_tap::{filter::is, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "bank_accounts",
    about: "Bank accounts among the payment sources of customers.",
    schema: schema!("bank_accounts"),
    read: Read::Within("customers", "sources", &[("customer", "id")]),
    bent: |stream| stream.only([is("object", "bank_account")]),
    selected: false,
    ..Resource::LIST
};
