//! <https://docs.github.com/en/rest/repos/repos#list-repository-contributors>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("contributors", "/repos/{org}/{repo}/contributors")
        .about("Users who contributed to a repository, and how many commits.")
        .schema(schema!("contributors"))
        .key(["node_id", "repo", "org"])
        // An empty repository.
        .empty_on([204])
        // More contributors than GitHub can list.
        .tolerate([403])
}
