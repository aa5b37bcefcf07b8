//! Attempts to confirm a setup intent. One request for each setup intent that changed.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "setup_attempts",
    about: "Attempts to confirm a setup intent. One request for each setup intent that changed.",
    schema: schema!("setup_attempts"),
    path: "/v1/setup_attempts",
    params: &[("setup_intent", "{setup_intent}")],
    read: Read::OfChanged("setup_intents", None),
    selected: false,
    ..Resource::LIST
};
