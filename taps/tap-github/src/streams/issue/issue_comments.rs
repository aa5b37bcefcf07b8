//! <https://docs.github.com/en/rest/issues/comments#list-issue-comments-for-a-repository>

use singer_tap::{Keyset, Since, Stream, schema, url_id};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("issue_comments", "/repos/{org}/{repo}/issues/comments")
        .about("Comments on the issues and pull requests of a repository.")
        .schema(schema!("issue_comments"))
        .key(["id"])
        .param("sort", "updated")
        .param("direction", "asc")
        .paginate(Keyset { param: "since" })
        .incremental("updated_at", Since::Param("since"))
        .transform([url_id("issue_url", "issue_number")])
        .transform(crate::streams::plain_reactions())
        .child_context([("comment_id", "id"), ("issue_number", "issue_number")])
}
