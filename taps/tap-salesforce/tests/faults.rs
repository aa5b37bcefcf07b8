//! Every fault that can happen to the tap, over a fake Salesforce in this process.

use mock_api::{Options, Server};
use serde_json::json;
use singer_test::{Subject, fault};
use tap_salesforce::TapSalesforce;

#[test]
fn the_tap_meets_the_fault_matrix() {
    let org = Server::start(Options::of("salesforce --accounts 450 --page 200"))
        .expect("a port of the loopback interface is free");
    let config = json!({
        "instance_url": org.url(), "client_id": "the-app", "client_secret": "secret-0f-the-matrix-Zk3q",
        "refresh_token": "refresh-0f-the-matrix-Qw8z", "max_requests_per_second": 10_000,
        "api_type": "REST", "start_date": "2020-01-01"});
    fault::check::<TapSalesforce>(&Subject::new(config), "Account");
}
