//! Issued cards.

mod issuing_authorizations;
mod issuing_cardholders;
mod issuing_cards;
mod issuing_disputes;
mod issuing_transactions;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 5] = [
    issuing_authorizations::STREAM,
    issuing_cardholders::STREAM,
    issuing_cards::STREAM,
    issuing_disputes::STREAM,
    issuing_transactions::STREAM,
];
