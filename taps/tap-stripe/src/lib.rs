//! A Singer tap for Stripe.

mod adopt;
mod ask;
mod auth;
mod changes;
mod config;
mod nested;
mod report;
mod resource;
mod streams;

use serde_json::Value;
use singer_http::{Client, ClientSpec};
use singer_tap::{Error, Stream, Tap};

pub use config::Config;

/// The tap.
pub struct TapStripe;

impl Tap for TapStripe {
    const NAME: &'static str = "tap-stripe";
    const PACKAGE: &'static str = "singer-tap-stripe";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ABOUT: &'static str = "Reads charges, customers, invoices, payouts and more from Stripe, with every change and deletion.";
    type Config = Config;

    fn adopt(state: Value) -> Value {
        adopt::adopt(state)
    }

    fn greeting(_: &Config) -> Option<String> {
        Some("/v1/account".to_owned())
    }

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        auth::client(config)
    }

    async fn streams(config: &Config, client: &Client) -> Result<Vec<Stream>, Error> {
        streams::all(config, client.now())
    }
}
