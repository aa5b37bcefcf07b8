//! <https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user>

use singer_tap::{Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("team_roles")
        .about("The role of each member of a team: a request a member.")
        .schema(schema!("team_roles"))
        .key(["url"])
        .child_of("team_members", ["username", "team_slug", "org"])
        .get("/orgs/{org}/teams/{team_slug}/memberships/{username}")
        .single()
        // Someone who left the team since the list was read.
        .tolerate([404])
        .transform([from_parent("org"), from_parent("team_slug"), from_parent("username")])
}
