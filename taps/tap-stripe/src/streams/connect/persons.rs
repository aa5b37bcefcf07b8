//! People behind connected accounts. One request for each account and run.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "persons",
    about: "People behind connected accounts. One request for each account and run.",
    schema: schema!("persons"),
    path: "/v1/accounts/{account}/persons",
    read: Read::OfEach("accounts", None),
    selected: false,
    ..Resource::LIST
};
