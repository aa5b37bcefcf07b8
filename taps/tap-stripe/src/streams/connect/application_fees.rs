//! Fees of the platform on charges of connected accounts.

use singer_tap::schema;

use crate::changes::{Changes, Touch};
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "application_fees",
    about: "Fees of the platform on charges of connected accounts.",
    schema: schema!("application_fees"),
    path: "/v1/application_fees",
    read: Read::Created("created"),
    changes: Changes {
        object: "application_fee",
        types: &["application_fee.created", "application_fee.refunded"],
        touches: &[Touch {
            types: &["application_fee.refund.updated"],
            ids: &["fee"],
            field: "refunds",
        }],
        ..Changes::NONE
    },
    selected: false,
    ..Resource::LIST
};
