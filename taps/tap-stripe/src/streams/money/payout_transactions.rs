//! What an automatic payout is made of. One request or more for each payout that changed.

use singer_tap::{from_parent, schema};

use crate::resource::{Read, Resource};

pub(super) const STREAM: Resource = Resource {
    name: "payout_transactions",
    about: "What an automatic payout is made of. One request or more for each payout that changed.",
    schema: schema!("payout_transactions"),
    path: "/v1/balance_transactions",
    params: &[("payout", "{payout_id}")],
    read: Read::OfChanged("payouts", Some("automatic")),
    bent: |stream| stream.transform([from_parent("payout_id")]),
    ..Resource::LIST
};
