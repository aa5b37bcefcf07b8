//! Sessions of customers who pay through Checkout or a payment link.

use singer_tap::schema;

use crate::changes::Changes;
use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "checkout_sessions",
    about: "Sessions of customers who pay through Checkout or a payment link.",
    schema: schema!("checkout_sessions"),
    path: "/v1/checkout/sessions",
    read: Read::Created("created"),
    changes: Changes {
        object: "checkout.session",
        types: &[
            "checkout.session.async_payment_failed",
            "checkout.session.async_payment_succeeded",
            "checkout.session.completed",
            "checkout.session.expired",
        ],
        ..Changes::NONE
    },
    expand: &["line_items"],
    ..Resource::LIST
};
