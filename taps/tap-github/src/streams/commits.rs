//! <https://docs.github.com/en/rest/commits/commits#list-commits>

use singer_tap::{Since, Stream, copy, schema};

pub(super) fn stream() -> Stream {
    super::of_repository("commits", "/repos/{org}/{repo}/commits")
        .about("Commits on the default branch of a repository.")
        .schema(schema!("commits"))
        .key(["node_id"])
        // They come in the order of the branch, which is nearly but not quite that of their dates.
        .incremental("commit_timestamp", Since::UnorderedParam("since"))
        .transform([copy("commit.committer.date", "commit_timestamp")])
        // An empty repository answers with a conflict.
        .empty_on([409])
}
