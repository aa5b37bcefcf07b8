//! Payments from their first step to their last.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "payment_intents",
    about: "Payments from their first step to their last.",
    schema: schema!("payment_intents"),
    path: "/v1/payment_intents",
    read: Read::Created("created"),
    changes: Changes {
        object: "payment_intent",
        types: &[
            "payment_intent.amount_capturable_updated",
            "payment_intent.canceled",
            "payment_intent.created",
            "payment_intent.partially_funded",
            "payment_intent.payment_failed",
            "payment_intent.processing",
            "payment_intent.requires_action",
            "payment_intent.succeeded",
        ],
        ..Changes::NONE
    },
    ..Resource::LIST
};
