//! Organisations, their people and teams.

mod organizations;

use singer_tap::Stream;

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    vec![organizations::stream(config)]
}
