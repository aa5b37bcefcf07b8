//! Warnings of card issuers that a charge may be fraudulent.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "early_fraud_warnings",
    about: "Warnings of card issuers that a charge may be fraudulent.",
    schema: schema!("early_fraud_warnings"),
    path: "/v1/radar/early_fraud_warnings",
    read: Read::Created("created"),
    changes: Changes {
        object: "radar.early_fraud_warning",
        types: &["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
