//! Charges: attempts to take money.

use singer_tap::schema;

use crate::changes::{Changes, Touch};
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "charges",
    about: "Charges: attempts to take money.",
    schema: schema!("charges"),
    path: "/v1/charges",
    read: Read::Created("created"),
    changes: Changes {
        object: "charge",
        types: &[
            "charge.captured",
            "charge.expired",
            "charge.failed",
            "charge.pending",
            "charge.refunded",
            "charge.succeeded",
            "charge.updated",
        ],
        touches: &[
            Touch {
                types: &[
                    "charge.refund.updated",
                    "refund.created",
                    "refund.failed",
                    "refund.updated",
                ],
                ids: &["charge"],
                field: "refunds",
            },
            Touch {
                types: &[
                    "charge.dispute.closed",
                    "charge.dispute.created",
                    "charge.dispute.funds_reinstated",
                    "charge.dispute.funds_withdrawn",
                    "charge.dispute.updated",
                ],
                ids: &["charge"],
                field: "dispute",
            },
        ],
        ..Changes::NONE
    },
    expand: &["refunds"],
    ..Resource::LIST
};
