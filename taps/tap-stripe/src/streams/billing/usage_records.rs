//! Usage of metered subscription items.

use singer_tap::{Stream, schema};

use crate::config::Config;
use crate::resource::{Read, Resource, listing};

const USAGE: Resource = Resource {
    name: "usage_records",
    about: "Usage of metered subscription items by billing period. Two requests or more for each subscription and run; Stripe has them up to API version 2025-02-24.",
    schema: schema!("usage_records"),
    path: "/v1/subscription_items/{subscription_item}/usage_record_summaries",
    read: Read::OfEach("subscriptions", Some("subscription")),
    // An item that is not metered has none, and says so with this status.
    bent: |stream| stream.empty_on([400]),
    selected: false,
    ..Resource::LIST
};

pub(super) fn stream(config: &Config) -> Stream {
    let items = listing(config, "/v1/subscription_items", "subscription_item")
        .param("subscription", "{subscription}");
    USAGE.stream(config).for_each_of(items)
}
