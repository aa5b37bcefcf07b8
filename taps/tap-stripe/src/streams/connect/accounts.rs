//! Connected accounts. Their events are not the platform's, so that each run reads all.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "accounts",
    about: "Connected accounts. Their events are not the platform's, so that each run reads all.",
    schema: schema!("accounts"),
    path: "/v1/accounts",
    gives: &[("account", "id")],
    selected: false,
    ..Resource::LIST
};
