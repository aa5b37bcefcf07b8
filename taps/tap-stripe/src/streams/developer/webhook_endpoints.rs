//! Where events are sent.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "webhook_endpoints",
    about: "Where events are sent.",
    schema: schema!("webhook_endpoints"),
    path: "/v1/webhook_endpoints",
    selected: false,
    ..Resource::LIST
};
