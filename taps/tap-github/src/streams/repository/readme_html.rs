//! <https://docs.github.com/en/rest/repos/contents#get-a-repository-readme>

use singer_tap::{Stream, rename, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("readme_html", "/repos/{org}/{repo}/readme")
        .about("The README of a repository, as GitHub shows it.")
        .schema(schema!("readme_html"))
        .key(["repo", "org"])
        .header("accept", "application/vnd.github.html+json")
        .text()
        .transform([rename("text", "raw_html")])
        // There is none.
        .empty_on([404])
}
