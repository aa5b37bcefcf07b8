//! <https://docs.github.com/en/rest/teams/teams#list-teams>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    super::of_organization("teams", "/orgs/{org}/teams")
        .about("Teams of an organisation that the credential may see.")
        .schema(schema!("teams"))
        .key(["id"])
        .shrinks()
        .child_context([("team_slug", "slug")])
}
