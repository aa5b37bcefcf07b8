//! Files of the account.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "files",
    about: "Files of the account.",
    schema: schema!("files"),
    path: "/v1/files",
    read: Read::Created("created"),
    selected: false,
    ..Resource::LIST
};
