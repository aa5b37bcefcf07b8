//! Customers and what they have.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Grave, Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Customers, "customer", "cus", "customer")
            .at("/v1/customers")
            .dated()
            .filters("email test_clock")
            .made("customer.created")
            .changed("customer.updated")
            .deleted("customer.deleted", Grave::Stub),
        // Bank accounts and cards, as the seed has it.
        resource!(Sources, "source", "ba card", "source")
            .home(Home::Under(Kind::Customers))
            .at("/v1/customers/{}/sources")
            .filters("object")
            .made("customer.source.created")
            .changed("customer.source.updated")
            .deleted("customer.source.deleted", Grave::Nothing)
            .rows(0)
            .brood(30),
        resource!(TaxIds, "tax_id", "txi", "tax_id")
            .home(Home::Under(Kind::Customers))
            .at("/v1/customers/{}/tax_ids")
            .at("/v1/tax_ids")
            .made("customer.tax_id.created")
            .phase("pending", 3, "verified unverified", "customer.tax_id.updated")
            .phase("verified", 6, "", "customer.tax_id.updated")
            .phase("unverified", 1, "", "customer.tax_id.updated")
            .deleted("customer.tax_id.deleted", Grave::Nothing)
            .rows(0)
            .brood(20),
        resource!(
            CustomerBalanceTransactions,
            "customer_balance_transaction",
            "cbtxn",
            "customer_balance_transaction"
        )
        .home(Home::Under(Kind::Customers))
        .at("/v1/customers/{}/balance_transactions")
        .dated()
        .filters("invoice")
        .stirs("customer.updated")
        .rows(0)
        .brood(20),
    ]
}
