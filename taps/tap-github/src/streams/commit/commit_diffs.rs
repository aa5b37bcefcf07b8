//! <https://docs.github.com/en/rest/commits/commits#get-a-commit>

use singer_tap::{Stream, has, rename, schema};

pub(super) fn stream() -> Stream {
    super::of_commit("commit_diffs", "/repos/{org}/{repo}/commits/{commit_id}")
        .about("The diff of each new commit, as text: a request each.")
        .schema(schema!("commit_diffs"))
        .key(["commit_id"])
        .header("accept", "application/vnd.github.diff")
        .text()
        // Too many lines or files; it took too long to make.
        .or_reason("error_message", [406, 422])
        .transform([rename("text", "diff"), has("diff", "success")])
}
