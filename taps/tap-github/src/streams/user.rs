//! Users and what they do.

mod users;

use singer_tap::Stream;

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    vec![users::stream(config)]
}
