//! What is sold, and for how much.

mod coupons;
mod plans;
mod prices;
mod products;
mod promotion_codes;
mod shipping_rates;
mod tax_rates;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 7] = [
    products::STREAM,
    prices::STREAM,
    plans::STREAM,
    coupons::STREAM,
    promotion_codes::STREAM,
    tax_rates::STREAM,
    shipping_rates::STREAM,
];
