//! Customers, with their payment sources, subscriptions and tax ids.

use singer_tap::schema;

use crate::changes::{Changes, Touch};
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "customers",
    about: "Customers, with their payment sources, subscriptions and tax ids.",
    schema: schema!("customers"),
    path: "/v1/customers",
    read: Read::Created("created"),
    changes: Changes {
        object: "customer",
        types: &["customer.created", "customer.deleted", "customer.updated"],
        deletes: &["customer.deleted"],
        touches: &[
            Touch {
                types: &[
                    "customer.source.created",
                    "customer.source.deleted",
                    "customer.source.updated",
                ],
                ids: &["customer"],
                field: "sources",
            },
            Touch {
                types: &[
                    "customer.subscription.created",
                    "customer.subscription.deleted",
                    "customer.subscription.paused",
                    "customer.subscription.pending_update_applied",
                    "customer.subscription.pending_update_expired",
                    "customer.subscription.resumed",
                    "customer.subscription.updated",
                ],
                ids: &["customer"],
                field: "subscriptions",
            },
            Touch {
                types: &[
                    "customer.tax_id.created",
                    "customer.tax_id.deleted",
                    "customer.tax_id.updated",
                ],
                ids: &["customer"],
                field: "tax_ids",
            },
            Touch {
                types: &[
                    "customer.discount.created",
                    "customer.discount.deleted",
                    "customer.discount.updated",
                ],
                ids: &["customer"],
                field: "discount",
            },
        ],
    },
    expand: &["sources", "subscriptions", "tax_ids"],
    gives: &[("customer", "id")],
    ..Resource::LIST
};
