//! Lines of invoices.

use singer_tap::schema;

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "invoice_line_items",
    about: "Lines of invoices.",
    schema: schema!("invoice_line_items"),
    key: &["id", "invoice"],
    read: Read::Within("invoices", "lines", &[("invoice", "id"), ("invoice_created", "created")]),
    goes_with_parent: true,
    ..Resource::LIST
};
