//! Coupons.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "coupons",
    about: "Coupons.",
    schema: schema!("coupons"),
    path: "/v1/coupons",
    read: Read::Created("created"),
    changes: Changes {
        object: "coupon",
        types: &["coupon.created", "coupon.deleted", "coupon.updated"],
        deletes: &["coupon.deleted"],
        ..Changes::NONE
    },
    chosen_ids: true,
    ..Resource::LIST
};
