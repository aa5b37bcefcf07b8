//! What is sold by a payment link. One request for each link and run.

use singer_tap::{from_parent, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "payment_link_line_items",
    about: "What is sold by a payment link. One request for each link and run.",
    schema: schema!("payment_link_line_items"),
    key: &["id", "payment_link"],
    path: "/v1/payment_links/{payment_link}/line_items",
    read: Read::OfEach("payment_links", None),
    bent: |stream| stream.transform([from_parent("payment_link")]),
    selected: false,
    ..Resource::LIST
};
