//! <https://docs.github.com/en/rest/activity/starring#list-repositories-starred-by-a-user>

use singer_tap::{LinkHeader, Since, Stream, copy, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("starred")
        .about("Repositories that a user starred, and when. A star that is taken back is not told.")
        .schema(schema!("starred"))
        .key(["repo_id", "username"])
        .child_of("users", ["username"])
        .get("/users/{username}/starred")
        // This media type adds the time.
        .header("accept", "application/vnd.github.star+json")
        .param("sort", "created")
        .param("direction", "desc")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .incremental("starred_at", Since::StopAt)
        .lag(crate::streams::LAG)
        .transform([from_parent("username"), from_parent("user_id"), copy("repo.id", "repo_id")])
        // A credential, which nobody wants in a table.
        .omit(["repo.temp_clone_token"])
}
