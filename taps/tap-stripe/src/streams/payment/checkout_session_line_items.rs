//! What is bought in a Checkout session.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "checkout_session_line_items",
    about: "What is bought in a Checkout session.",
    schema: schema!("checkout_session_line_items"),
    key: &["id", "checkout_session"],
    read: Read::Within("checkout_sessions", "line_items", &[("checkout_session", "id")]),
    ..Resource::LIST
};
