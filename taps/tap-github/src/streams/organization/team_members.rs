//! <https://docs.github.com/en/rest/teams/members#list-team-members>

use singer_tap::{LinkHeader, Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("team_members")
        .about("Members of a team, those of the teams below it too.")
        .schema(schema!("team_members"))
        .key(["id", "team_slug"])
        .child_of("teams", ["team_slug", "org"])
        .get("/orgs/{org}/teams/{team_slug}/members")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .shrinks()
        .transform([from_parent("org"), from_parent("team_slug")])
        .child_context([("username", "login")])
}
