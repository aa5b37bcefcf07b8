//! Fees of the platform that were given back.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "application_fee_refunds",
    about: "Fees of the platform that were given back.",
    schema: schema!("application_fee_refunds"),
    read: Read::Within("application_fees", "refunds", &[("fee", "id")]),
    selected: false,
    ..Resource::LIST
};
