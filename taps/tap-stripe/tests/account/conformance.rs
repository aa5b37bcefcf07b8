//! What every tap must keep to.

use mock_api::{Options, Server};
use serde_json::json;
use singer_tap::Outcome;
use singer_test::{Subject, conformance, select};
use tap_stripe::TapStripe;

use super::{KEY, NOW, config, pass};

/// A hundred charges, a few of all else.
fn stripe() -> Server {
    let options = format!(
        "stripe --token {KEY} --still --date {NOW} --history 25 --charges 105 --customers 6 --invoices 6 --subscriptions 5"
    );
    Server::start(Options::of(&options)).expect("a port of the loopback interface is free")
}

#[test]
fn the_tap_keeps_to_what_every_tap_must() {
    let stripe = stripe();
    let settings = json!({"report_interval_days": 10, "start_date": "2026-10-01"});
    let subject = Subject::new(config(&stripe, &settings));
    // Reports that a run orders are in the account, with events; the runs that are compared find them made.
    let ordered = select::<TapStripe>(&["report_*"], &subject, None);
    assert_eq!(ordered.outcome(), Outcome::Ok, "{}", ordered.log());
    pass(&stripe, 90);
    let report = conformance::check::<TapStripe>(&subject);
    let is_stream = |name: &&String| !name.contains('.');
    let unread: Vec<_> = report.unseen.iter().filter(is_stream).collect();
    assert!(unread.is_empty(), "streams without records: {unread:?}");
}
