//! Customers, and what is theirs.

mod bank_accounts;
mod customer_balance_transactions;
mod customers;
mod payment_methods;
mod tax_ids;

use crate::resource::Resource;

/// Its streams, in the order in which they are listed.
pub(super) const STREAMS: [Resource; 5] = [
    customers::STREAM,
    bank_accounts::STREAM,
    tax_ids::STREAM,
    payment_methods::STREAM,
    customer_balance_transactions::STREAM,
];
