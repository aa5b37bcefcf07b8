//! What the account holds now: one row.

use singer_tap::{joined, schema};

use crate::ask::ACCOUNT;
use crate::resource::{Pages, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "balance",
    about: "What the account holds now: one row.",
    schema: schema!("balance"),
    path: "/v1/balance",
    pages: Pages::One,
    bent: |stream| stream.transform([joined(["object", ACCOUNT], "id")]),
    ..Resource::LIST
};
