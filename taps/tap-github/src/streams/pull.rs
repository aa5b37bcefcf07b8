//! Pull requests and their parts.

mod pull_requests;

use singer_tap::Stream;

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![pull_requests::stream()]
}
