//! <https://docs.github.com/en/rest/checks/suites#list-check-suites-for-a-git-reference>

use singer_tap::{LinkHeader, Stream, schema};

pub(super) fn stream() -> Stream {
    super::of_commit("check_suites", "/repos/{org}/{repo}/commits/{commit_id}/check-suites")
        .about("The suites of checks of each new commit: a request each.")
        .schema(schema!("check_suites"))
        .key(["id"])
        .param("per_page", "100")
        .records_at("/check_suites")
        .paginate(LinkHeader)
        // The same in every record of a repository, and all of it in `repositories`.
        .omit(["repository"])
        .selected_by_default(false)
}
