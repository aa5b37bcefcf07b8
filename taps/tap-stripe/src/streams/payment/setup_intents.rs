//! Payment methods on their way to being set up for later use.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "setup_intents",
    about: "Payment methods on their way to being set up for later use.",
    schema: schema!("setup_intents"),
    path: "/v1/setup_intents",
    read: Read::Created("created"),
    changes: Changes {
        object: "setup_intent",
        types: &[
            "setup_intent.canceled",
            "setup_intent.created",
            "setup_intent.requires_action",
            "setup_intent.setup_failed",
            "setup_intent.succeeded",
        ],
        ..Changes::NONE
    },
    gives: &[("setup_intent", "id")],
    ..Resource::LIST
};
