//! <https://docs.github.com/en/rest/git/refs#list-matching-references>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("refs", "/repos/{org}/{repo}/git/matching-refs/")
        .about("Git references of a repository: branches, tags, notes and whatever else is in its namespace.")
        .schema(schema!("refs"))
        .key(["repo", "org", "ref"])
        .shrinks()
        // An empty repository answers with a conflict.
        .empty_on([409])
}
