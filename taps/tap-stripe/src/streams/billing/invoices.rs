//! Invoices, with all their lines.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "invoices",
    about: "Invoices, with all their lines.",
    schema: schema!("invoices"),
    path: "/v1/invoices",
    read: Read::Created("created"),
    changes: Changes {
        object: "invoice",
        types: &[
            "invoice.created",
            "invoice.deleted",
            "invoice.finalization_failed",
            "invoice.finalized",
            "invoice.marked_uncollectible",
            "invoice.overdue",
            "invoice.overpaid",
            "invoice.paid",
            "invoice.payment_action_required",
            "invoice.payment_attempt_required",
            "invoice.payment_failed",
            "invoice.payment_succeeded",
            "invoice.sent",
            "invoice.updated",
            "invoice.voided",
            "invoice.will_be_due",
        ],
        deletes: &["invoice.deleted"],
        ..Changes::NONE
    },
    gives: &[("invoice", "id")],
    ..Resource::LIST
};
