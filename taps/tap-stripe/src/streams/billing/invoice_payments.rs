//! Which payments pay which invoices. Stripe has them since API version 2025-03-31.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "invoice_payments",
    about: "Which payments pay which invoices. Stripe has them since API version 2025-03-31.",
    schema: schema!("invoice_payments"),
    path: "/v1/invoice_payments",
    read: Read::Created("created"),
    changes: Changes {
        object: "invoice_payment",
        types: &["invoice_payment.paid"],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
