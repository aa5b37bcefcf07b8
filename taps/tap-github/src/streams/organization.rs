//! Organisations, their people and teams.

mod audit_log;
mod organization_members;
mod organizations;
mod team_members;
mod team_roles;
mod teams;

use singer_tap::{LinkHeader, Stream, from_parent};

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    vec![
        organizations::stream(config),
        organization_members::stream(),
        teams::stream(),
        team_members::stream(),
        team_roles::stream(),
        audit_log::stream(),
    ]
}

/// A list under an organisation: its partitions, its paging, and the field that names it.
fn of_organization(name: &str, path: &'static str) -> Stream {
    Stream::new(name)
        .child_of("organizations", ["org"])
        .get(path)
        .param("per_page", "100")
        .paginate(LinkHeader)
        .lag(crate::streams::LAG)
        .transform([from_parent("org")])
}
