//! Usage of metered subscription items.

use singer_tap::{LastId, Listing, Stream, schema};

use crate::ask::{ACCOUNT_HEADER, PAGE};
use crate::config::Config;
use crate::resource::{Read, Resource, has_account};

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
    let items = Listing::new("/v1/subscription_items", "/id", "subscription_item")
        .param("subscription", "{subscription}")
        .param("limit", PAGE)
        .items_at("/data")
        .paginate(LastId { has_more: "/has_more", param: "starting_after" });
    let items = match has_account(config) {
        true => items.header(ACCOUNT_HEADER, "{stripe_account}"),
        false => items,
    };
    USAGE.stream(config).for_each_of(items)
}
