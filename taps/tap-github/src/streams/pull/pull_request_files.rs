//! <https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files>

use singer_tap::{Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    super::list_of_pull_request("pull_request_files", "/repos/{org}/{repo}/pulls/{pull_number}/files")
        .about("Files that pull requests change, with their patches; of each pull request the first 3,000. A request for each pull request that changed.")
        .schema(schema!("pull_request_files"))
        .key(["org", "repo", "pull_number", "filename"])
        .transform([from_parent("pull_id")])
        .selected_by_default(false)
}
