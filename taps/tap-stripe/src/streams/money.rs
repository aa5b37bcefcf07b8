//! The balance, and the ways to it and from it.

mod balance;
mod balance_transactions;
mod exchange_rates;
mod payout_transactions;
mod payouts;
mod top_ups;
mod transfer_reversals;
mod transfers;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 8] = [
    balance::STREAM,
    balance_transactions::STREAM,
    payouts::STREAM,
    payout_transactions::STREAM,
    transfers::STREAM,
    transfer_reversals::STREAM,
    top_ups::STREAM,
    exchange_rates::STREAM,
];
