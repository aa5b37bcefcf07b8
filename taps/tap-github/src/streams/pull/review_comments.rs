//! <https://docs.github.com/en/rest/pulls/comments#list-review-comments-in-a-repository>

use singer_tap::{Keyset, Since, Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("review_comments", "/repos/{org}/{repo}/pulls/comments")
        .about("Comments on the lines of pull requests.")
        .schema(schema!("review_comments"))
        .key(["id"])
        .param("sort", "updated")
        .param("direction", "asc")
        .paginate(Keyset { param: "since" })
        .incremental("updated_at", Since::Param("since"))
        .transform(crate::streams::plain_reactions())
        .child_context([("comment_id", "id"), ("comment_url", "html_url")])
}
