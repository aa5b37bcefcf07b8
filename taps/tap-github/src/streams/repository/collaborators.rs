//! <https://docs.github.com/en/rest/collaborators/collaborators#list-repository-collaborators>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("collaborators", "/repos/{org}/{repo}/collaborators")
        .about("Who may do what in a repository. It takes push access.")
        .schema(schema!("collaborators"))
        .key(["id", "repo", "org"])
        .selected_by_default(false)
}
