//! Repositories and what they list of themselves.

mod releases;
mod repositories;
mod stargazers_rest;

use singer_tap::{Error, Stream};

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Result<Vec<Stream>, Error> {
    Ok(vec![repositories::stream(config)?, releases::stream(), stargazers_rest::stream()])
}
