//! Subscriptions, quotes and checkouts.

use super::resource;
use crate::stripe::kind::Kind;
use crate::stripe::resource::{Home, Resource};

pub(super) fn resources() -> Vec<Resource> {
    vec![
        resource!(Subscriptions, "subscription", "sub", "subscription")
            .home(Home::Under(Kind::Customers))
            .at("/v1/subscriptions")
            .at("/v1/customers/{}/subscriptions")
            .dated()
            .filters("collection_method customer customer_account plan price status test_clock")
            .ranges("current_period_end current_period_start")
            .made("customer.subscription.created")
            .phase("active", 7, "past_due canceled", "")
            .phase("trialing", 2, "active canceled", "")
            .phase("past_due", 1, "active canceled", "")
            .phase("canceled", 0, "", "customer.subscription.deleted")
            .changed("customer.subscription.updated")
            .ends("canceled"),
        resource!(SubscriptionItems, "subscription_item", "si", "subscription_item")
            .home(Home::Within(Kind::Subscriptions))
            .at("/v1/subscription_items")
            .of("subscription", true)
            .stirs("customer.subscription.updated"),
        resource!(UsageRecords, "usage_record_summary", "sis", "usage_record_summary")
            .home(Home::Seeded(Kind::SubscriptionItems, 3))
            .at("/v1/subscription_items/{}/usage_record_summaries")
            .until("2025-03-31"),
        resource!(
            SubscriptionSchedules,
            "subscription_schedule",
            "sub_sched",
            "subscription_schedule"
        )
        .at("/v1/subscription_schedules")
        .dated()
        .filters("customer customer_account")
        .ranges("canceled_at completed_at released_at")
        .made("subscription_schedule.created")
        .phase("not_started", 3, "active canceled", "")
        .phase("active", 4, "completed released canceled", "")
        .phase("completed", 0, "", "subscription_schedule.completed")
        .phase("released", 0, "", "subscription_schedule.released")
        .phase("canceled", 0, "", "subscription_schedule.canceled")
        .changed("subscription_schedule.updated"),
        resource!(Quotes, "quote", "qt", "quote")
            .at("/v1/quotes")
            .filters("customer customer_account status test_clock")
            .made("quote.created")
            .phase("draft", 1, "open canceled", "")
            .phase("open", 0, "accepted canceled", "quote.finalized")
            .phase("accepted", 0, "", "quote.accepted")
            .phase("canceled", 0, "", "quote.canceled"),
        resource!(QuoteLineItems, "item", "li", "item")
            .home(Home::Within(Kind::Quotes))
            .at("/v1/quotes/{}/line_items"),
        resource!(CheckoutSessions, "checkout.session", "cs_test", "checkout.session")
            .at("/v1/checkout/sessions")
            .dated()
            .filters("customer customer_account payment_intent payment_link status subscription")
            .phase("open", 1, "complete expired", "")
            .phase("complete", 0, "", "checkout.session.completed")
            .phase("expired", 0, "", "checkout.session.expired")
            .rows(80),
        resource!(CheckoutSessionLineItems, "item", "li", "item")
            .home(Home::Within(Kind::CheckoutSessions))
            .at("/v1/checkout/sessions/{}/line_items"),
        resource!(PaymentLinks, "payment_link", "plink", "payment_link")
            .at("/v1/payment_links")
            .filters("active")
            .made("payment_link.created")
            .changed("payment_link.updated"),
        resource!(PaymentLinkLineItems, "item", "li", "item")
            .home(Home::Within(Kind::PaymentLinks))
            .at("/v1/payment_links/{}/line_items"),
        resource!(BillingMeters, "billing.meter", "mtr", "billing.meter")
            .at("/v1/billing/meters")
            .filters("status")
            .made("billing.meter.created")
            .phase("active", 1, "inactive", "")
            .phase("inactive", 0, "active", "billing.meter.deactivated")
            .changed("billing.meter.updated")
            .rows(8),
    ]
}
