//! Links to files.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "file_links",
    about: "Links to files.",
    schema: schema!("file_links"),
    path: "/v1/file_links",
    read: Read::Created("created"),
    selected: false,
    ..Resource::LIST
};
