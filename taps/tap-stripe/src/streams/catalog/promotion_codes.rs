//! Codes that customers give to get a coupon.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "promotion_codes",
    about: "Codes that customers give to get a coupon.",
    schema: schema!("promotion_codes"),
    path: "/v1/promotion_codes",
    read: Read::Created("created"),
    changes: Changes {
        object: "promotion_code",
        types: &["promotion_code.created", "promotion_code.updated"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
