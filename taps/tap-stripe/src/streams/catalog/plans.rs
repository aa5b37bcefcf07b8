//! What products cost, in the older form.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "plans",
    about: "What products cost, in the older form.",
    schema: schema!("plans"),
    path: "/v1/plans",
    read: Read::Created("created"),
    changes: Changes {
        object: "plan",
        types: &["plan.created", "plan.deleted", "plan.updated"],
        deletes: &["plan.deleted"],
        ..Changes::NONE
    },
    expand: &["tiers"],
    chosen_ids: true,
    ..Resource::LIST
};
