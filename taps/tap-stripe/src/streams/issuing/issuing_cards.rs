//! Issued cards.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "issuing_cards",
    about: "Issued cards.",
    schema: schema!("issuing_cards"),
    path: "/v1/issuing/cards",
    read: Read::Created("created"),
    changes: Changes {
        object: "issuing.card",
        types: &["issuing_card.created", "issuing_card.updated"],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
