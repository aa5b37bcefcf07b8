//! Quotes for customers.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "quotes",
    about: "Quotes for customers.",
    schema: schema!("quotes"),
    path: "/v1/quotes",
    gives: &[("quote", "id")],
    ..Resource::LIST
};
