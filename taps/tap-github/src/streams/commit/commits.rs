//! <https://docs.github.com/en/rest/commits/commits#list-commits>

use std::time::Duration;

use singer_tap::{Since, Stream, copy, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("commits", "/repos/{org}/{repo}/commits")
        .about("Commits on the default branch of a repository.")
        .schema(schema!("commits"))
        .key(["node_id"])
        // They come in the order of the branch, which is nearly but not quite that of their dates.
        .incremental("commit_timestamp", Since::UnorderedParam("since"))
        // A branch that is merged brings commits from before; those of the last day are found.
        .lookback(Duration::from_secs(24 * 60 * 60))
        .transform([copy("commit.committer.date", "commit_timestamp")])
        .child_context([("commit_id", "sha")])
        // An empty repository answers with a conflict.
        .empty_on([409])
}
