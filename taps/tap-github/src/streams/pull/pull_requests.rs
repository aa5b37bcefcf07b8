//! <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("pull_requests", "/repos/{org}/{repo}/pulls")
        .about("Pull requests of a repository.")
        .schema(schema!("pull_requests"))
        .key(["id"])
        .param("state", "all")
        .param("sort", "updated")
        .param("direction", "desc")
        .incremental("updated_at", Since::StopAt)
        .transform(crate::streams::plain_reactions())
        .child_context([
            ("pull_number", "number"),
            ("pull_id", "id"),
            ("pull_node_id", "node_id"),
            ("pull_url", "url"),
        ])
}
