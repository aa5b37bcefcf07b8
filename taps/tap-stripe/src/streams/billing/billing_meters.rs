//! Meters of usage.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "billing_meters",
    about: "Meters of usage.",
    schema: schema!("billing_meters"),
    path: "/v1/billing/meters",
    ..Resource::LIST
};
