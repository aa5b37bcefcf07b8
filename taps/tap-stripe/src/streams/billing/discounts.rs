//! Discounts on invoices. One request for each invoice that has some and changed.

use singer_tap::{from_parent, schema};

use crate::resource::{Pages, Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "discounts",
    about: "Discounts on invoices. One request for each invoice that has some and changed.",
    schema: schema!("discounts"),
    key: &["id", "invoice"],
    path: "/v1/invoices/{invoice}",
    params: &[("expand[]", "discounts")],
    read: Read::OfChanged("invoices", Some("discounts")),
    pages: Pages::At("/discounts"),
    bent: |stream| stream.transform([from_parent("invoice")]),
    selected: false,
    ..Resource::LIST
};
