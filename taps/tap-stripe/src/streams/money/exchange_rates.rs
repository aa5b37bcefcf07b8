//! Exchange rates of Stripe, by currency.

use singer_tap::schema;

use crate::resource::Resource;

pub(super) const STREAM: Resource = Resource {
    name: "exchange_rates",
    about: "Exchange rates of Stripe, by currency.",
    schema: schema!("exchange_rates"),
    path: "/v1/exchange_rates",
    selected: false,
    chosen_ids: true,
    ..Resource::LIST
};
