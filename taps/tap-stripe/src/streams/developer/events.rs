//! Events of the last 30 days: Stripe keeps no older ones.

use singer_tap::schema;

use crate::resource::{EVENTS_KEPT, Pages, Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "events",
    about: "Events of the last 30 days: Stripe keeps no older ones.",
    schema: schema!("events"),
    path: "/v1/events",
    read: Read::Created("created"),
    // The object of an event is as it was then.
    pages: Pages::Plain,
    bent: |stream| stream.shows_at_most(u64::MAX, Some(EVENTS_KEPT)),
    ..Resource::LIST
};
