//! Who holds issued cards.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "issuing_cardholders",
    about: "Who holds issued cards.",
    schema: schema!("issuing_cardholders"),
    path: "/v1/issuing/cardholders",
    read: Read::Created("created"),
    changes: Changes {
        object: "issuing.cardholder",
        types: &["issuing_cardholder.created", "issuing_cardholder.updated"],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
