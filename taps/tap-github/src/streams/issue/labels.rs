//! <https://docs.github.com/en/rest/issues/labels#list-labels-for-a-repository>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("labels", "/repos/{org}/{repo}/labels")
        .about("Labels that a repository defines.")
        .schema(schema!("labels"))
        .key(["id"])
}
