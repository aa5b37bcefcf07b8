use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use singer_http::{Anonymous, Client, ClientSpec, Rules};
use singer_tap::{Error, LinkHeader, Since, Stream};

use super::*;

/// A tap that takes whatever status it is told to for an empty page.
struct TapShop;

#[derive(Deserialize, JsonSchema)]
struct Config {
    #[serde(default)]
    takes_for_empty: u16,
}

impl Tap for TapShop {
    const NAME: &'static str = "tap-shop";
    const VERSION: &'static str = "1.0.0";
    const ABOUT: &'static str = "Reads orders of a shop.";
    type Config = Config;

    fn client(_: &Config) -> Result<ClientSpec, Error> {
        let base = "https://shop.example".parse().expect("a valid URL");
        Ok(ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN))
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        let stream = Stream::new("orders")
            .schema(include_str!("../../fixtures/orders.json"))
            .key(["id"])
            .get("/orders")
            .param("per_page", "2")
            .paginate(LinkHeader)
            .incremental("at", Since::Param("since"));
        Ok(vec![if config.takes_for_empty > 0 {
            stream.empty_on([config.takes_for_empty])
        } else {
            stream
        }])
    }
}

fn outcomes(takes_for_empty: u16) -> Outcomes {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/orders");
    let config = json!({"takes_for_empty": takes_for_empty});
    examine::<TapShop>(&Subject::new(config).recorded(&[fixtures]), "orders")
}

fn failed(outcomes: &Outcomes) -> Vec<u8> {
    let failed = outcomes.rows.iter().filter(|met| matches!(met.verdict, Verdict::Failed(_)));
    failed.map(|met| met.row.number).collect()
}

#[test]
fn a_tap_over_recorded_exchanges_meets_what_can_happen_to_it() {
    let outcomes = outcomes(0);
    outcomes.assert();
    assert!(outcomes.tried() > 50, "{outcomes}");
}

#[test]
fn a_tap_that_takes_a_failure_for_an_empty_page_is_found_out() {
    assert_eq!(failed(&outcomes(503)), [37, 37]);
}
