//! <https://docs.github.com/en/rest/repos/contents#get-a-repository-readme>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("readme", "/repos/{org}/{repo}/readme")
        .about("The README of a repository, in base64.")
        .schema(schema!("readme"))
        .key(["repo", "org"])
        .single()
        // There is none.
        .empty_on([404])
}
