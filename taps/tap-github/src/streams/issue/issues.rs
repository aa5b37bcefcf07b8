//! <https://docs.github.com/en/rest/issues/issues#list-repository-issues>

use singer_tap::{Since, Stream, exists, rename, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("issues", "/repos/{org}/{repo}/issues")
        .about("Issues of a repository. Pull requests are among them, with `type` `pull_request`.")
        .schema(schema!("issues"))
        .key(["id"])
        .param("state", "all")
        .param("sort", "updated")
        .param("direction", "asc")
        .incremental("updated_at", Since::Param("since"))
        .transform([
            rename("type", "issue_type"),
            exists("pull_request", "type", "pull_request", "issue"),
        ])
        .transform(crate::streams::plain_reactions())
        .child_context([("issue_id", "id"), ("issue_number", "number")])
}
