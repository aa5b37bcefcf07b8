//! What belongs to organizations.

use super::{Parent, Small, list};

pub(crate) const TABLE: &[Small] = &[
    list!("organization_members", "/orgs/{org}/members", 4),
    list!("teams", "/orgs/{org}/teams", 2).node("T"),
    list!("team_members", "/orgs/{org}/teams/{team_slug}/members", 2).of(Parent::Small("teams")),
    list!("team_roles", "/orgs/{org}/teams/{team_slug}/memberships/{username}", 1)
        .single()
        .of(Parent::Small("team_members")),
    list!("audit_log", "/orgs/{org}/audit-log", 3).node("AL").newest_first().cursors(),
];
