//! <https://docs.github.com/en/rest/releases/releases#list-releases>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("releases", "/repos/{org}/{repo}/releases")
        .about("Releases of a repository. All are read every time: an edit does not move `created_at`.")
        .schema(schema!("releases"))
        .key(["id"])
        .incremental("created_at", Since::Reread)
        .transform(crate::streams::plain_reactions())
}
