//! Commits and what is said about them.

mod commits;

use singer_tap::Stream;

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![commits::stream()]
}
