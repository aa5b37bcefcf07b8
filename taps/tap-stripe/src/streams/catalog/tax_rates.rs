//! Tax rates.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "tax_rates",
    about: "Tax rates.",
    schema: schema!("tax_rates"),
    path: "/v1/tax_rates",
    read: Read::Created("created"),
    changes: Changes {
        object: "tax_rate",
        types: &["tax_rate.created", "tax_rate.updated"],
        ..Changes::NONE
    },
    ..Resource::LIST
};
