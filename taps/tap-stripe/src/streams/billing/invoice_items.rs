//! What is to be on an invoice, or is.

use singer_tap::schema;

use crate::changes::Changes;
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
        ..Changes::NONE
    },
    ..Resource::LIST
};
