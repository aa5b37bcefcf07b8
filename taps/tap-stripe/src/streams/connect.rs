//! Connected accounts.

mod accounts;
mod application_fee_refunds;
mod application_fees;
mod external_account_bank_accounts;
mod external_account_cards;
mod persons;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 6] = [
    accounts::STREAM,
    persons::STREAM,
    external_account_bank_accounts::STREAM,
    external_account_cards::STREAM,
    application_fees::STREAM,
    application_fee_refunds::STREAM,
];
