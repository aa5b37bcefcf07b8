//! A Singer tap for Salesforce.

mod api;
mod auth;
mod config;
mod discover;
mod object;
mod read;
mod soql;
mod streams;

use singer_http::{Client, ClientSpec};
use singer_tap::{Error, Stream, Tap, Wanted};

pub use config::Config;

/// The tap.
pub struct TapSalesforce;

impl Tap for TapSalesforce {
    const NAME: &'static str = "tap-salesforce";
    const PACKAGE: &'static str = "singer-tap-salesforce";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ABOUT: &'static str = "Reads the objects of a Salesforce org, standard and custom ones, by REST and Bulk API 2.0, with deletions.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        auth::client(config)
    }

    async fn streams(config: &Config, client: &Client) -> Result<Vec<Stream>, Error> {
        streams::all(config, client, &Wanted::all()).await
    }

    async fn streams_of(
        config: &Config,
        client: &Client,
        wanted: &Wanted,
    ) -> Result<Vec<Stream>, Error> {
        streams::all(config, client, wanted).await
    }
}
