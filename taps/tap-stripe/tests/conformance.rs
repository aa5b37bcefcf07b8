//! What every tap must keep to, over a fake Stripe in this process.

use mock_api::{Options, Server};
use serde_json::json;
use singer_test::{Subject, conformance};
use tap_stripe::TapStripe;

const KEY: &str = "sk_test_c0nf0rmanceZk3q8WvpT5r9LxQ2";

/// Two hundred charges, a few of all else, and a clock that stands still: a list that is read up to now
/// has another bookmark at another time. The reports are few, as each run orders all of them.
fn stripe() -> Server {
    let date = "2026-11-20T12:00:00Z";
    let options = format!(
        "stripe --token {KEY} --still --date {date} --history 25 --charges 105 --customers 6 --invoices 6 --subscriptions 5"
    );
    Server::start(Options::of(&options)).expect("a port of the loopback interface is free")
}

#[test]
fn the_tap_keeps_to_what_every_tap_must() {
    let stripe = stripe();
    let subject = Subject::new(json!({
        "api_url_base": stripe.url(),
        "client_secret": KEY,
        "max_requests_per_second": 10_000,
        "report_interval_days": 10,
        "start_date": "2026-10-01",
    }));
    let report = conformance::check::<TapStripe>(&subject);
    let is_stream = |name: &&String| !name.contains('.');
    let unread: Vec<_> = report.unseen.iter().filter(is_stream).collect();
    assert!(unread.is_empty(), "streams without records: {unread:?}");
}
