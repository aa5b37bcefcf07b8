//! <https://docs.github.com/en/rest/actions/workflows#list-repository-workflows>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("workflows", "/repos/{org}/{repo}/actions/workflows")
        .about("Workflows of a repository.")
        .schema(schema!("workflows"))
        .key(["id"])
        .records_at("/workflows")
}
