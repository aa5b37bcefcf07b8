//! <https://docs.github.com/en/rest/repos/repos#list-repository-tags>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("tags", "/repos/{org}/{repo}/tags")
        .about("Tags of a repository, and the commit of each.")
        .schema(schema!("tags"))
        .key(["repo", "org", "name"])
}
