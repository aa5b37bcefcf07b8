//! Users and what they do.

mod starred;
mod user_contributed_to;
mod users;

use singer_tap::Stream;

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    let mut streams = vec![users::stream(config), starred::stream()];
    streams.extend(crate::graphql::only(config, [user_contributed_to::stream]));
    streams
}
