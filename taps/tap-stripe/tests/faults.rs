//! Every fault that can happen to the tap, over a fake Stripe in this process.

use mock_api::{Options, Server};
use serde_json::json;
use singer_test::{Subject, fault};
use tap_stripe::TapStripe;

const KEY: &str = "sk_test_f4ultsZk3q8WvpT5r9LxQ2aaaa";

#[test]
fn the_tap_meets_the_fault_matrix() {
    let options = format!("stripe --token {KEY} --charges 110 --history 20");
    let stripe =
        Server::start(Options::of(&options)).expect("a port of the loopback interface is free");
    let config = json!({
        "api_url_base": stripe.url(), "client_secret": KEY, "max_requests_per_second": 10_000,
        "start_date": "2020-01-01"});
    fault::check::<TapStripe>(&Subject::new(config), "balance_transactions");
}
