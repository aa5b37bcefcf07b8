//! Issues and what is said and done about them.

mod issue_comments;
mod issues;
mod labels;
mod milestones;

use singer_tap::Stream;

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    vec![issues::stream(), issue_comments::stream(), labels::stream(), milestones::stream(config)]
}
