//! Money sent to the bank.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "payouts",
    about: "Money sent to the bank.",
    schema: schema!("payouts"),
    path: "/v1/payouts",
    read: Read::Created("created"),
    changes: Changes {
        object: "payout",
        types: &[
            "payout.canceled",
            "payout.created",
            "payout.failed",
            "payout.paid",
            "payout.reconciliation_completed",
            "payout.updated",
        ],
        ..Changes::NONE
    },
    gives: &[("payout_id", "id")],
    ..Resource::LIST
};
