//! <https://docs.github.com/en/rest/reactions/reactions#list-reactions-for-a-commit-comment>

use singer_tap::{LinkHeader, Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("commit_comment_reactions")
        .about("Reactions to comments on commits: a request for each comment that has some.")
        .schema(schema!("commit_comment_reactions"))
        .key(["id"])
        // A reaction does not move `updated_at` of its comment, so that all are read.
        .child_of("commit_comments", ["org", "repo", "comment_id"])
        .only_if("reactions.total_count")
        .get("/repos/{org}/{repo}/comments/{comment_id}/reactions")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .transform([
            from_parent("org"),
            from_parent("repo"),
            from_parent("repo_id"),
            from_parent("commit_id"),
            from_parent("comment_id"),
        ])
        .selected_by_default(false)
}
