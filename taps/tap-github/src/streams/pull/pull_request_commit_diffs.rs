//! <https://docs.github.com/en/rest/commits/commits#get-a-commit>

use singer_tap::{LinkHeader, Listing, Stream, from_parent, has, rename, schema};

pub(super) fn stream() -> Stream {
    let commits =
        Listing::new("/repos/{org}/{repo}/pulls/{pull_number}/commits", "/sha", "commit_id")
            .param("per_page", "100")
            .paginate(LinkHeader);
    super::of_pull_request("pull_request_commit_diffs", "/repos/{org}/{repo}/commits/{commit_id}")
        .about(
            "The diff of each commit of the pull requests that changed, as text: a request each.",
        )
        .schema(schema!("pull_request_commit_diffs"))
        .key(["commit_id"])
        .for_each_of(commits)
        .header("accept", "application/vnd.github.diff")
        .text()
        // Too many lines or files; it took too long to make.
        .or_reason("error_message", [406, 422])
        .transform([from_parent("commit_id"), rename("text", "diff"), has("diff", "success")])
}
