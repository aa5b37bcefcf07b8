//! A Singer tap for GitHub's REST API.

mod auth;
mod config;
mod graphql;
mod search;
mod selectors;
mod streams;

use singer_http::{Client, ClientSpec};
use singer_tap::{Error, Stream, Tap};

pub use config::Config;

/// The tap.
pub struct TapGithub;

impl Tap for TapGithub {
    const NAME: &'static str = "tap-github";
    const PACKAGE: &'static str = "singer-tap-github";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const ABOUT: &'static str =
        "Reads repositories, issues, pull requests, commits and more from GitHub.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        auth::client(config)
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        streams::all(config)
    }
}
