//! <https://docs.github.com/en/rest/commits/statuses#list-commit-statuses-for-a-reference>

use singer_tap::{LinkHeader, Stream, schema};

pub(super) fn stream() -> Stream {
    super::of_commit("commit_statuses", "/repos/{org}/{repo}/commits/{commit_id}/statuses")
        .about("What other services say of each new commit: a request each.")
        .schema(schema!("commit_statuses"))
        .key(["id"])
        .param("per_page", "100")
        .paginate(LinkHeader)
        .selected_by_default(false)
}
