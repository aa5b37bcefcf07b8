//! <https://docs.github.com/en/rest/activity/starring#list-stargazers>

use singer_tap::{Since, Stream, copy, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("stargazers_rest", "/repos/{org}/{repo}/stargazers")
        .about("Who starred a repository, and when.")
        .schema(schema!("stargazers_rest"))
        .key(["user_id", "repo", "org"])
        // This media type adds the time.
        .header("accept", "application/vnd.github.star+json")
        // Oldest first, by number: a star that is taken back moves the others up, past the reader.
        .incremental("starred_at", Since::Reread)
        .transform([copy("user.id", "user_id")])
}
