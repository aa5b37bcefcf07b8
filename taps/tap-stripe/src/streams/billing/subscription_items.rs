//! What is subscribed to.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "subscription_items",
    about: "What is subscribed to.",
    schema: schema!("subscription_items"),
    read: Read::Within("subscriptions", "items", &[("subscription", "id")]),
    ..Resource::LIST
};
