//! <https://docs.github.com/en/rest/commits/comments#list-commit-comments-for-a-repository>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("commit_comments", "/repos/{org}/{repo}/comments")
        .about("Comments on commits. All are read every time: the API can neither filter nor sort them.")
        .schema(schema!("commit_comments"))
        .key(["id"])
        // Oldest first, by number: a comment that is deleted moves the others up, past the reader.
        .incremental("updated_at", Since::Reread)
        .transform(crate::streams::plain_reactions())
        .child_context([("comment_id", "id"), ("commit_id", "commit_id")])
}
