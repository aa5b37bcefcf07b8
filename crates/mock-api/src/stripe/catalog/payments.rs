//! Charges and what leads to them.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Grave, Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Charges, "charge", "ch", "charge")
            .at("/v1/charges")
            .dated()
            .filters("customer payment_intent transfer_group")
            .phase("succeeded", 17, "", "charge.succeeded")
            .phase("failed", 2, "", "charge.failed")
            .phase("pending", 1, "succeeded failed", "charge.pending")
            .changed("charge.updated"),
        resource!(Refunds, "refund", "re", "refund")
            .home(Home::Under(Kind::Charges))
            .at("/v1/refunds")
            .of("charge", false)
            .at("/v1/charges/{}/refunds")
            .dated()
            .filters("payment_intent")
            .made("refund.created")
            .phase("succeeded", 8, "", "")
            .phase("pending", 2, "succeeded failed", "")
            .phase("failed", 0, "", "refund.failed")
            .changed("refund.updated")
            .stirs("charge.refunded charge.updated")
            .rows(0)
            .brood(12),
        resource!(PaymentIntents, "payment_intent", "pi", "payment_intent")
            .at("/v1/payment_intents")
            .dated()
            .filters("customer customer_account")
            .made("payment_intent.created")
            .phase("succeeded", 14, "", "payment_intent.succeeded")
            .phase("requires_payment_method", 3, "processing canceled", "")
            .phase("requires_action", 1, "processing canceled", "payment_intent.requires_action")
            .phase(
                "processing",
                0,
                "succeeded requires_payment_method",
                "payment_intent.processing",
            )
            .phase("canceled", 0, "", "payment_intent.canceled")
            .changed("payment_intent.amount_capturable_updated")
            .rows(300),
        resource!(SetupIntents, "setup_intent", "seti", "setup_intent")
            .at("/v1/setup_intents")
            .dated()
            .filters("attach_to_self customer customer_account payment_method")
            .made("setup_intent.created")
            .phase("succeeded", 6, "", "setup_intent.succeeded")
            .phase("requires_payment_method", 3, "requires_action canceled", "")
            .phase("requires_action", 1, "succeeded canceled", "setup_intent.requires_action")
            .phase("canceled", 0, "", "setup_intent.canceled")
            .rows(60),
        resource!(SetupAttempts, "setup_attempt", "setatt", "setup_attempt")
            .home(Home::Under(Kind::SetupIntents))
            .at("/v1/setup_attempts")
            .of("setup_intent", true)
            .dated()
            .fixed()
            .rows(0)
            .brood(70),
        resource!(PaymentMethods, "payment_method", "pm", "payment_method")
            .home(Home::Under(Kind::Customers))
            .at("/v1/payment_methods")
            .of("customer", false)
            .at("/v1/customers/{}/payment_methods")
            .filters("allow_redisplay type")
            .made("payment_method.attached")
            .changed("payment_method.updated")
            .deleted("payment_method.detached", Grave::Nothing)
            .rows(0)
            .brood(60),
        resource!(Disputes, "dispute", "du", "dispute")
            .at("/v1/disputes")
            .dated()
            .filters("charge payment_intent")
            .made("charge.dispute.created charge.dispute.funds_withdrawn")
            .phase("needs_response", 6, "under_review lost", "")
            .phase("warning_needs_response", 1, "under_review", "")
            .phase("under_review", 0, "won lost", "")
            .phase("won", 0, "", "charge.dispute.funds_reinstated charge.dispute.closed")
            .phase("lost", 0, "", "charge.dispute.closed")
            .changed("charge.dispute.updated")
            .rows(40),
        resource!(
            EarlyFraudWarnings,
            "radar.early_fraud_warning",
            "issfr",
            "radar.early_fraud_warning"
        )
        .at("/v1/radar/early_fraud_warnings")
        .dated()
        .filters("charge payment_intent")
        .made("radar.early_fraud_warning.created")
        .phase("actionable", 4, "settled", "")
        .phase("settled", 1, "", "radar.early_fraud_warning.updated")
        .rows(20),
        resource!(Reviews, "review", "prv", "review")
            .at("/v1/reviews")
            .dated()
            .phase("rule", 4, "approved refunded", "review.opened")
            .phase("approved", 0, "", "review.closed")
            .phase("refunded", 0, "", "review.closed")
            .rows(20),
    ]
}
