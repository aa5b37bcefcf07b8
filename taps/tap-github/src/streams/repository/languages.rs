//! <https://docs.github.com/en/rest/repos/repos#list-repository-languages>

use singer_tap::{Stream, rename, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("languages", "/repos/{org}/{repo}/languages")
        .about("Programming languages in a repository, and how much there is of each.")
        .schema(schema!("languages"))
        .key(["repo", "org", "language_name"])
        .members()
        .transform([rename("key", "language_name"), rename("value", "bytes")])
}
