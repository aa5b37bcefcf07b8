//! <https://docs.github.com/en/rest/repos/repos#list-repository-contributors>

use singer_tap::{Stream, filter, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("anonymous_contributors", "/repos/{org}/{repo}/contributors")
        .about("Authors of commits in a repository whom GitHub knows by their email only.")
        .schema(schema!("anonymous_contributors"))
        .key(["email", "repo", "org"])
        .param("anon", "true")
        // Users are in the same list, and have a stream of their own.
        .only([filter::is("type", "Anonymous")])
        .empty_on([204])
        // More contributors than GitHub can list.
        .tolerate([403])
}
