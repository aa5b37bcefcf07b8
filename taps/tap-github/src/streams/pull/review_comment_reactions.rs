//! <https://docs.github.com/en/rest/reactions/reactions#list-reactions-for-a-pull-request-review-comment>

use singer_tap::{LinkHeader, Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("review_comment_reactions")
        .about("Reactions to comments on the lines of pull requests: a request for each that has some.")
        .schema(schema!("review_comment_reactions"))
        .key(["id"])
        // A reaction does not move `updated_at` of its comment, so that all are read.
        .child_of("review_comments", ["org", "repo", "comment_id"])
        .only_if("reactions.total_count")
        .get("/repos/{org}/{repo}/pulls/comments/{comment_id}/reactions")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .transform(["org", "repo", "repo_id", "comment_id", "comment_url"].map(from_parent))
}
