//! <https://docs.github.com/en/rest/branches/branches#list-branches>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("branches", "/repos/{org}/{repo}/branches")
        .about("Branches of a repository, and the commit at the head of each.")
        .schema(schema!("branches"))
        .key(["repo", "org", "name"])
        // They are in the order of their names, and merged ones are deleted at any time.
        .shrinks()
}
