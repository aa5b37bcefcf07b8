//! Links to pages on which customers pay.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "payment_links",
    about: "Links to pages on which customers pay.",
    schema: schema!("payment_links"),
    path: "/v1/payment_links",
    gives: &[("payment_link", "id")],
    ..Resource::LIST
};
