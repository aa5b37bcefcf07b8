//! Lines of quotes. One request for each quote and run.

use singer_tap::{from_parent, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "quote_line_items",
    about: "Lines of quotes. One request for each quote and run.",
    schema: schema!("quote_line_items"),
    key: &["id", "quote"],
    path: "/v1/quotes/{quote}/line_items",
    read: Read::OfEach("quotes", None),
    bent: |stream| stream.transform([from_parent("quote")]),
    selected: false,
    ..Resource::LIST
};
