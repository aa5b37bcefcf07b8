use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use singer_http::{Anonymous, Client, ClientSpec, Rules};
use singer_tap::{Error, LinkHeader, Outcome, Since, Stream};

use super::*;

pub(crate) struct TapShop;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Config {
    #[serde(default = "order")]
    order: String,
}

fn order() -> String {
    "at".to_owned()
}

impl Tap for TapShop {
    const NAME: &'static str = "tap-shop";
    const VERSION: &'static str = "1.0.0";
    const ABOUT: &'static str = "Reads orders of a shop.";
    type Config = Config;

    fn client(_: &Config) -> Result<ClientSpec, Error> {
        let base = "https://shop.example".parse().expect("a valid URL");
        let mut spec = ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN);
        spec.headers.insert("accept", http::HeaderValue::from_static("application/json"));
        Ok(spec)
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        Ok(vec![
            Stream::new("orders")
                .schema(include_str!("../../fixtures/orders.json"))
                .key(["id"])
                .get("/orders")
                .param("per_page", "2")
                .paginate(LinkHeader)
                .incremental(&config.order, Since::Param("since")),
        ])
    }
}

fn fixtures(names: &[&str]) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    names.iter().map(|name| folder.join(name)).collect()
}

/// What a panic of `test` says.
fn said(test: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(test).expect_err("the run must not be taken for sound");
    *panic.downcast::<String>().expect("a formatted message")
}

#[test]
fn a_stream_is_read_page_by_page_and_its_output_is_the_same_each_time() {
    let run = || stream::<TapShop>("orders", &fixtures(&["orders"]), &json!({}));
    let messages = run();
    assert_eq!(messages.outcome(), Outcome::Ok);
    assert_eq!(messages.stdout(), run().stdout());
    insta::assert_snapshot!(messages.snapshot());
}

#[test]
fn a_run_from_a_state_asks_for_what_is_new() {
    let state = json!({"bookmarks": {"orders": {
        "replication_key": "at", "replication_key_value": "2026-11-22T00:00:00Z"}}});
    let messages =
        resume::<TapShop>("orders", &fixtures(&["orders/since/1.http"]), &json!({}), &state);
    assert_eq!(messages.records("orders").len(), 1);
    let bookmark = &messages.state().unwrap()["bookmarks"]["orders"]["replication_key_value"];
    assert_eq!(bookmark, "2026-11-22T10:00:00Z");
}

#[test]
fn schemas_are_had_without_a_request() {
    let messages = schemas::<TapShop>(&json!({}));
    assert!(messages.schema("orders").is_some());
    assert_eq!(messages.stdout().lines().count(), 1);
}

#[test]
fn a_page_that_was_not_recorded_is_told() {
    let said = said(|| {
        stream::<TapShop>("orders", &fixtures(&["orders/1.http"]), &json!({}));
    });
    assert!(said.contains("no exchange answers: GET /orders?per_page=2&page=2"), "{said}");
    assert!(said.contains("the run ended as Bug"), "{said}");
}

#[test]
fn an_exchange_that_was_not_asked_for_is_told() {
    let said = said(|| {
        stream::<TapShop>("orders", &fixtures(&["orders", "pages/2.http"]), &json!({}));
    });
    assert!(said.contains("never asked: GET /pages?n=2"), "{said}");
}

#[test]
fn a_run_that_cannot_begin_is_told() {
    let said = said(|| {
        stream::<TapShop>("orders", &fixtures(&["orders"]), &json!({"order": "unknown"}));
    });
    assert!(said.contains("the last line is no STATE"), "{said}");
}
