//! Payments with issued cards.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "issuing_transactions",
    about: "Payments with issued cards.",
    schema: schema!("issuing_transactions"),
    path: "/v1/issuing/transactions",
    read: Read::Created("created"),
    changes: Changes {
        object: "issuing.transaction",
        types: &[
            "issuing_transaction.created",
            "issuing_transaction.purchase_details_receipt_updated",
            "issuing_transaction.updated",
        ],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
