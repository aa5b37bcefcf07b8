//! <https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request>

use singer_tap::{Stream, from_parent, has, rename, schema};

pub(super) fn stream() -> Stream {
    super::of_pull_request("pull_request_diffs", "/repos/{org}/{repo}/pulls/{pull_number}")
        .about("The diff of each pull request that changed, as text: a request each.")
        .schema(schema!("pull_request_diffs"))
        .key(["pull_id"])
        .header("accept", "application/vnd.github.diff")
        .text()
        // Too many lines or files; it took too long to make.
        .or_reason("error_message", [406, 422])
        .transform([from_parent("pull_id"), rename("text", "diff"), has("diff", "success")])
}
