//! <https://docs.github.com/en/rest/issues/assignees#list-assignees>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("assignees", "/repos/{org}/{repo}/assignees")
        .about("Users to whom the issues of a repository can be assigned.")
        .schema(schema!("assignees"))
        .key(["id"])
}
