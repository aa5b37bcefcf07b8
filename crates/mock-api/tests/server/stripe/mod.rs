//! Stripe.

mod accounts;
mod changes;
mod events;
mod lists;
mod objects;
mod reports;

use std::collections::HashMap;

use serde_json::Value;

use crate::site::{Reply, Site};

/// A server whose clock stands still.
fn stripe(arguments: &str) -> Site {
    Site::new(&format!("stripe --date 2026-11-01T12:00:00Z --still {arguments}"))
}

/// The lists, by the names of their streams.
const LISTS: [(&str, &str); 41] = [
    ("accounts", "/v1/accounts"),
    ("application_fees", "/v1/application_fees"),
    ("balance_transactions", "/v1/balance_transactions"),
    ("billing_meters", "/v1/billing/meters"),
    ("charges", "/v1/charges"),
    ("checkout_sessions", "/v1/checkout/sessions"),
    ("coupons", "/v1/coupons"),
    ("credit_notes", "/v1/credit_notes"),
    ("customers", "/v1/customers"),
    ("disputes", "/v1/disputes"),
    ("early_fraud_warnings", "/v1/radar/early_fraud_warnings"),
    ("events", "/v1/events"),
    ("exchange_rates", "/v1/exchange_rates"),
    ("file_links", "/v1/file_links"),
    ("files", "/v1/files"),
    ("invoice_items", "/v1/invoiceitems"),
    ("invoice_payments", "/v1/invoice_payments"),
    ("invoices", "/v1/invoices"),
    ("issuing_authorizations", "/v1/issuing/authorizations"),
    ("issuing_cardholders", "/v1/issuing/cardholders"),
    ("issuing_cards", "/v1/issuing/cards"),
    ("issuing_disputes", "/v1/issuing/disputes"),
    ("issuing_transactions", "/v1/issuing/transactions"),
    ("payment_intents", "/v1/payment_intents"),
    ("payment_links", "/v1/payment_links"),
    ("payment_methods", "/v1/payment_methods"),
    ("payouts", "/v1/payouts"),
    ("plans", "/v1/plans"),
    ("prices", "/v1/prices"),
    ("products", "/v1/products"),
    ("promotion_codes", "/v1/promotion_codes"),
    ("quotes", "/v1/quotes"),
    ("refunds", "/v1/refunds"),
    ("report_runs", "/v1/reporting/report_runs"),
    ("reviews", "/v1/reviews"),
    ("setup_intents", "/v1/setup_intents"),
    ("shipping_rates", "/v1/shipping_rates"),
    ("subscription_schedules", "/v1/subscription_schedules"),
    ("subscriptions", "/v1/subscriptions?status=all"),
    ("tax_rates", "/v1/tax_rates"),
    ("top_ups", "/v1/topups"),
];
const MORE_LISTS: [(&str, &str); 3] = [
    ("tax_ids", "/v1/tax_ids"),
    ("transfers", "/v1/transfers"),
    ("webhook_endpoints", "/v1/webhook_endpoints"),
];

fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    LISTS.into_iter().chain(MORE_LISTS)
}

/// Lists of children: the stream, that of the parents, and the path with the id of one.
const CHILDREN: [(&str, &str, &str); 19] = [
    ("application_fee_refunds", "application_fees", "/v1/application_fees/{}/refunds"),
    ("bank_accounts", "customers", "/v1/customers/{}/sources?object=bank_account"),
    ("checkout_session_line_items", "checkout_sessions", "/v1/checkout/sessions/{}/line_items"),
    ("credit_note_line_items", "credit_notes", "/v1/credit_notes/{}/lines"),
    ("customer_balance_transactions", "customers", "/v1/customers/{}/balance_transactions"),
    (
        "external_account_bank_accounts",
        "accounts",
        "/v1/accounts/{}/external_accounts?object=bank_account",
    ),
    ("external_account_cards", "accounts", "/v1/accounts/{}/external_accounts?object=card"),
    ("invoice_line_items", "invoices", "/v1/invoices/{}/lines"),
    ("invoice_payments", "invoices", "/v1/invoice_payments?invoice={}"),
    ("payment_link_line_items", "payment_links", "/v1/payment_links/{}/line_items"),
    ("payment_methods", "customers", "/v1/customers/{}/payment_methods"),
    ("payout_transactions", "payouts", "/v1/balance_transactions?payout={}"),
    ("persons", "accounts", "/v1/accounts/{}/persons"),
    ("quote_line_items", "quotes", "/v1/quotes/{}/line_items"),
    ("setup_attempts", "setup_intents", "/v1/setup_attempts?setup_intent={}"),
    ("subscription_items", "subscriptions", "/v1/subscription_items?subscription={}"),
    ("tax_ids", "customers", "/v1/customers/{}/tax_ids"),
    ("transfer_reversals", "transfers", "/v1/transfers/{}/reversals"),
    ("usage_records", "subscription_items", "/v1/subscription_items/{}/usage_record_summaries"),
];

/// All objects of a list, page after page, newest first.
fn walk(site: &Site, target: &str) -> Vec<Value> {
    walk_as(site, target, &[])
}

fn walk_as(site: &Site, target: &str, headers: &[(&str, &str)]) -> Vec<Value> {
    let (mut objects, mut cursor) = (Vec::new(), String::new());
    let mark = if target.contains('?') { '&' } else { '?' };
    loop {
        let target = format!("{target}{mark}limit=100{cursor}");
        let reply = site.send("GET", &target, headers, "");
        assert_eq!(reply.status, 200, "{target}: {}", text(&reply));
        let page = reply.json();
        objects.extend(page["data"].as_array().unwrap().iter().cloned());
        if page["has_more"] == false {
            return objects;
        }
        cursor = format!("&starting_after={}", id(objects.last().unwrap()));
    }
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

fn ids(objects: &[Value]) -> Vec<&str> {
    objects.iter().map(id).collect()
}

fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

/// The ids that an admin request has changed.
fn changed(site: &Site, target: &str) -> Vec<String> {
    let done = site.post(&format!("/_mock/{target}"), "");
    let ids = done["ids"].as_array().unwrap_or_else(|| panic!("{target}: {done}"));
    ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn by_id(objects: Vec<Value>) -> HashMap<String, Value> {
    objects.into_iter().map(|object| (id(&object).to_owned(), object)).collect()
}
