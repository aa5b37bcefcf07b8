//! Repositories and what they list of themselves.

mod anonymous_contributors;
mod assignees;
mod branches;
mod collaborators;
mod community_profile;
mod contributors;
mod custom_properties;
mod dependencies;
mod deploy_keys;
mod environments;
mod languages;
mod readme;
mod readme_html;
mod refs;
mod releases;
mod repositories;
mod rulesets;
mod stargazers;
mod stargazers_rest;
mod stats_contributors;
mod tags;
mod traffic_clones;
mod traffic_pageviews;
mod traffic_referral_paths;
mod traffic_referrers;

use std::time::Duration;

use singer_tap::{Error, Stream};

use crate::config::Config;
use crate::graphql;

/// How far back GitHub counts visits; the numbers of its days may be corrected.
const COUNTED: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Result<Vec<Stream>, Error> {
    let mut streams = vec![
        repositories::stream(config)?,
        anonymous_contributors::stream(),
        assignees::stream(),
        branches::stream(),
        collaborators::stream(),
        community_profile::stream(),
        contributors::stream(),
        custom_properties::stream(),
        deploy_keys::stream(),
        environments::stream(),
        languages::stream(),
        readme::stream(),
        readme_html::stream(),
        refs::stream(),
        releases::stream(),
        rulesets::stream(),
        stargazers_rest::stream(),
        stats_contributors::stream(),
        tags::stream(),
        traffic_clones::stream(),
        traffic_pageviews::stream(),
        traffic_referral_paths::stream(),
        traffic_referrers::stream(),
    ];
    streams.extend(graphql::only(config, [stargazers::stream, dependencies::stream]));
    Ok(streams)
}
