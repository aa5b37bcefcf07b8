//! Payments that Radar holds for somebody to look at.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "reviews",
    about: "Payments that Radar holds for somebody to look at.",
    schema: schema!("reviews"),
    path: "/v1/reviews",
    read: Read::Created("created"),
    changes: Changes {
        object: "review",
        types: &["review.closed", "review.opened"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
