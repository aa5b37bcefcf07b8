//! Cards that an account issues.

use super::resource;
use crate::stripe::resource::Resource;

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(IssuingCardholders, "issuing.cardholder", "ich", "issuing.cardholder")
            .at("/v1/issuing/cardholders")
            .dated()
            .filters("email phone_number status type")
            .made("issuing_cardholder.created")
            .phase("active", 3, "inactive", "")
            .phase("inactive", 1, "active", "issuing_cardholder.updated")
            .changed("issuing_cardholder.updated")
            .rows(20),
        resource!(IssuingCards, "issuing.card", "ic", "issuing.card")
            .at("/v1/issuing/cards")
            .dated()
            .filters("cardholder exp_month exp_year last4 personalization_design status type")
            .made("issuing_card.created")
            .phase("active", 3, "inactive canceled", "issuing_card.updated")
            .phase("inactive", 1, "active", "")
            .phase("canceled", 0, "", "issuing_card.updated")
            .changed("issuing_card.updated")
            .rows(30),
        resource!(IssuingAuthorizations, "issuing.authorization", "iauth", "issuing.authorization")
            .at("/v1/issuing/authorizations")
            .dated()
            .filters("card cardholder status")
            .made("issuing_authorization.created")
            .phase("pending", 1, "closed reversed", "")
            .phase("closed", 2, "", "issuing_authorization.updated")
            .phase("reversed", 0, "", "issuing_authorization.updated")
            .changed("issuing_authorization.updated")
            .rows(60),
        resource!(IssuingTransactions, "issuing.transaction", "ipi", "issuing.transaction")
            .at("/v1/issuing/transactions")
            .dated()
            .filters("card cardholder type")
            .made("issuing_transaction.created")
            .changed("issuing_transaction.updated")
            .rows(60),
        resource!(IssuingDisputes, "issuing.dispute", "idp", "issuing.dispute")
            .at("/v1/issuing/disputes")
            .dated()
            .filters("status transaction")
            .made("issuing_dispute.created")
            .phase("unsubmitted", 2, "submitted expired", "")
            .phase("submitted", 1, "won lost", "issuing_dispute.submitted")
            .phase("won", 0, "", "issuing_dispute.funds_reinstated issuing_dispute.closed")
            .phase("lost", 0, "", "issuing_dispute.closed")
            .phase("expired", 0, "", "issuing_dispute.closed")
            .changed("issuing_dispute.updated")
            .rows(15),
    ]
}
