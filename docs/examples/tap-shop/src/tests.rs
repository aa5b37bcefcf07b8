//! What each stream asks for and writes, over recorded exchanges.

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::{Subject, conformance, fault};

use crate::TapShop;

// ANCHOR: check
fn config() -> Value {
    json!({"api_key": "key-of-the-test", "api_url_base": "https://shop.example/v1"})
}

/// Reads one stream over these fixtures, and compares what it wrote with its snapshot.
fn check(stream: &str, fixtures: &[&str]) {
    let messages = singer_test::stream::<TapShop>(stream, fixtures, &config());
    assert_eq!(messages.outcome(), Outcome::Ok);
    insta::assert_snapshot!(stream, messages.snapshot());
}

#[test]
fn orders_are_read_page_by_page() {
    check("orders", &["fixtures/orders"]);
}
// ANCHOR_END: check

// ANCHOR: resume
#[test]
fn orders_go_on_at_their_bookmark() {
    let state = json!({"bookmarks": {"orders": {
        "replication_key": "updated_at",
        "replication_key_value": "2026-10-12T00:00:00Z",
        "intervals": []}}});
    let fixtures = ["fixtures/orders/since"];
    let messages = singer_test::resume::<TapShop>("orders", &fixtures, &config(), &state);
    let state = messages.state().expect("a run ends with a STATE");
    let bookmark = &state["bookmarks"]["orders"]["replication_key_value"];
    assert_eq!(bookmark, "2026-11-01T12:00:00Z");
}
// ANCHOR_END: resume

#[test]
fn order_items_name_their_order() {
    check("order_items", &["fixtures/orders", "fixtures/order_items"]);
}

#[test]
fn customers_are_read_link_by_link() {
    check("customers", &["fixtures/customers"]);
}

#[test]
fn products_are_read_whole() {
    check("products", &["fixtures/products"]);
}

// ANCHOR: conformance
#[test]
fn the_tap_keeps_to_what_every_tap_must() {
    conformance::check::<TapShop>(&Subject::new(config()).recorded(&["fixtures"]));
}
// ANCHOR_END: conformance

// ANCHOR: faults
#[test]
fn nothing_is_lost_whatever_fails() {
    fault::check::<TapShop>(&Subject::new(config()).recorded(&["fixtures"]), "orders");
}
// ANCHOR_END: faults

#[test]
fn the_tap_keeps_to_it_with_a_server_that_filters_too() {
    let options = Options::of("shop --token key-of-the-test --orders 130");
    let shop = Server::start(options).expect("the shop opens");
    let mut config = config();
    config["api_url_base"] = json!(format!("{}/v1", shop.url()));
    conformance::check::<TapShop>(&Subject::new(config));
}
