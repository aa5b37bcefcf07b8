//! Connected accounts, and what a platform has of them.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Grave, Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Accounts, "account", "acct", "account")
            .at("/v1/accounts")
            .dated()
            .changed("account.updated")
            .rows(0),
        // Bank accounts and cards, as the seed has it.
        resource!(ExternalAccounts, "external_account", "ba card", "external_account")
            .home(Home::Within(Kind::Accounts))
            .at("/v1/accounts/{}/external_accounts")
            .filters("object")
            .made("account.external_account.created")
            .changed("account.external_account.updated")
            .deleted("account.external_account.deleted", Grave::Nothing)
            .stirs("account.updated"),
        resource!(Persons, "person", "person", "person")
            .home(Home::Under(Kind::Accounts))
            .at("/v1/accounts/{}/persons")
            .made("person.created")
            .changed("person.updated")
            .deleted("person.deleted", Grave::Nothing)
            .rows(0)
            .brood(90),
        resource!(ApplicationFees, "application_fee", "fee", "application_fee")
            .at("/v1/application_fees")
            .dated()
            .filters("charge")
            .made("application_fee.created"),
        resource!(ApplicationFeeRefunds, "fee_refund", "fr", "fee_refund")
            .home(Home::Within(Kind::ApplicationFees))
            .at("/v1/application_fees/{}/refunds")
            .changed("application_fee.refund.updated")
            .stirs("application_fee.refunded"),
    ]
}
