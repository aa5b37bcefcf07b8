//! <https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference>

use singer_tap::{LinkHeader, Stream, schema};

pub(super) fn stream() -> Stream {
    super::of_commit("check_runs", "/repos/{org}/{repo}/commits/{commit_id}/check-runs")
        .about("The checks that ran on each new commit: a request each.")
        .schema(schema!("check_runs"))
        .key(["id"])
        // Those that were run again too.
        .param("filter", "all")
        .param("per_page", "100")
        .records_at("/check_runs")
        .paginate(LinkHeader)
        .selected_by_default(false)
}
