//! What each stream asks for and writes, over a fake Stripe in this process.

use std::fmt::Write as _;
use std::path::Path;

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::Subject;
use tap_stripe::TapStripe;

const KEY: &str = "sk_test_0fTheStreamsZk3q8WvpT5r9LxQ2";
const SETTINGS: &str = "--still --date 2026-11-20T12:00:00Z --history 15 --charges 4 --customers 3 --invoices 3 --subscriptions 3 --accounts 2 --rows refunds=6";

/// Reads a stream and compares what it asked for, its first record and its state with the snapshot.
#[track_caller]
fn check(stream: &str) {
    let options = Options::of(&format!("stripe --token {KEY} {SETTINGS}"));
    let stripe = Server::start(options).expect("a port of the loopback interface is free");
    let config = json!({
        "api_url_base": stripe.url(), "client_secret": KEY, "start_date": "2026-11-05",
        "concurrency": 1, "max_requests_per_second": 10_000});
    let messages = singer_test::read::<TapStripe>(stream, &Subject::new(config), None);
    assert_eq!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    let records = messages.records(stream);
    assert!(!records.is_empty(), "`{stream}` has no record");
    let mut text = String::new();
    for request in stripe.take_requests() {
        writeln!(text, "{request}").expect("a `String` takes any text");
    }
    let state = messages.state().expect("a run ends with a STATE");
    writeln!(text, "\n{} records, of them:", records.len()).expect("a `String` takes any text");
    for value in [&records[0], &state["bookmarks"]] {
        writeln!(text, "\n{value:#}").expect("a `String` takes any text");
    }
    let text = text.replace(&stripe.url(), "https://stripe.test");
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(stream, text);
    });
}

macro_rules! streams {
    ($($stream:ident)*) => {
        $(#[test]
        fn $stream() {
            check(stringify!($stream));
        })*
    };
}

streams! {
    charges
    payment_intents
    setup_intents
    setup_attempts
    refunds
    disputes
    early_fraud_warnings
    reviews
    checkout_sessions
    checkout_session_line_items
    payment_links
    payment_link_line_items
    customers
    bank_accounts
    tax_ids
    payment_methods
    customer_balance_transactions
    invoices
    invoice_line_items
    discounts
    invoice_items
    invoice_payments
    subscriptions
    subscription_items
    subscription_schedules
    credit_notes
    credit_note_line_items
    quotes
    quote_line_items
    billing_meters
    products
    prices
    plans
    coupons
    promotion_codes
    tax_rates
    shipping_rates
    balance
    balance_transactions
    payouts
    payout_transactions
    transfers
    transfer_reversals
    top_ups
    exchange_rates
    accounts
    persons
    external_account_bank_accounts
    external_account_cards
    application_fees
    application_fee_refunds
    issuing_authorizations
    issuing_cardholders
    issuing_cards
    issuing_disputes
    issuing_transactions
    events
    files
    file_links
    webhook_endpoints
    report_runs
    usage_records
    billing_meter_event_summaries
    report_activity_itemized_2
    report_activity_summary_1
    report_balance
    report_balance_change_itemized_2
    report_balance_change_summary_1
    report_payout_reconciliation
    report_tax
}

#[test]
fn every_stream_has_a_snapshot() {
    let schemas = singer_test::schemas::<TapStripe>(&json!({"client_secret": KEY}));
    for line in schemas.stdout().lines() {
        let message: Value = serde_json::from_str(line).expect("a line is JSON");
        let stream = message["stream"].as_str().expect("a SCHEMA names its stream");
        let snapshot = format!("tests/snapshots/{stream}.snap");
        assert!(Path::new(&snapshot).exists(), "add a test of `{stream}`");
    }
}
