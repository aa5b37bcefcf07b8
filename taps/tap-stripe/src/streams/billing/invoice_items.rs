//! What is to be on an invoice, or is.

use singer_tap::schema;

use crate::changes::{Changes, Touch};
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "invoice_items",
    about: "What is to be on an invoice, or is.",
    schema: schema!("invoice_items"),
    path: "/v1/invoiceitems",
    read: Read::Created("date"),
    changes: Changes {
        object: "invoiceitem",
        types: &["invoiceitem.*"],
        deletes: &["invoiceitem.deleted"],
        // Stripe tells of no change of an item, but of the invoice that takes it, or lets go of it.
        touches: &[Touch {
            types: &[
                "invoice.created",
                "invoice.deleted",
                "invoice.finalized",
                "invoice.updated",
                "invoice.voided",
            ],
            ids: &[
                "lines.data[].invoice_item",
                "lines.data[].parent.invoice_item_details.invoice_item",
            ],
            field: "invoice",
        }],
    },
    ..Resource::LIST
};
