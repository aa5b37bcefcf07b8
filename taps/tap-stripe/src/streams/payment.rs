//! Payments, and how they came about.

mod charges;
mod checkout_session_line_items;
mod checkout_sessions;
mod disputes;
mod early_fraud_warnings;
mod payment_intents;
mod payment_link_line_items;
mod payment_links;
mod refunds;
mod reviews;
mod setup_attempts;
mod setup_intents;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 12] = [
    charges::STREAM,
    payment_intents::STREAM,
    setup_intents::STREAM,
    setup_attempts::STREAM,
    refunds::STREAM,
    disputes::STREAM,
    early_fraud_warnings::STREAM,
    reviews::STREAM,
    checkout_sessions::STREAM,
    checkout_session_line_items::STREAM,
    payment_links::STREAM,
    payment_link_line_items::STREAM,
];
