//! Deployments and how they went.

mod deployment_statuses;
mod deployments;

use singer_tap::Stream;

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![deployments::stream(), deployment_statuses::stream()]
}
