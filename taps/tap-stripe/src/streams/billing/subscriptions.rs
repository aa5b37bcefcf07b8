//! Subscriptions in whatever status, canceled ones too.

use singer_tap::schema;

use crate::changes::{Changes, Touch};
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "subscriptions",
    about: "Subscriptions in whatever status, canceled ones too.",
    schema: schema!("subscriptions"),
    path: "/v1/subscriptions",
    params: &[("status", "all")],
    read: Read::Created("created"),
    changes: Changes {
        object: "subscription",
        types: &[
            "customer.subscription.created",
            "customer.subscription.deleted",
            "customer.subscription.paused",
            "customer.subscription.pending_update_applied",
            "customer.subscription.pending_update_expired",
            "customer.subscription.resumed",
            "customer.subscription.updated",
        ],
        touches: &[Touch {
            types: &[
                "customer.discount.created",
                "customer.discount.deleted",
                "customer.discount.updated",
            ],
            ids: &["subscription"],
            field: "discount",
        }],
        ..Changes::NONE
    },
    gives: &[("subscription", "id")],
    ..Resource::LIST
};
