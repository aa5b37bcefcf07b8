//! <https://docs.github.com/en/rest/commits/commits#get-a-commit>

use singer_tap::{LinkHeader, Stream, schema};

/// The API shows no more files of a commit, on pages of 300.
const MOST: u64 = 3_000;

pub(super) fn stream() -> Stream {
    super::of_commit("commit_files", "/repos/{org}/{repo}/commits/{commit_id}")
        .about(
            "The files that each new commit changed: a request each, or more where they are many.",
        )
        .schema(schema!("commit_files"))
        .key(["repo_id", "commit_id", "filename"])
        .records_at("/files")
        .paginate(LinkHeader)
        .shows_at_most(MOST, None)
        .selected_by_default(false)
}
