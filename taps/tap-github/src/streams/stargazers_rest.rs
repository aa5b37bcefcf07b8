//! <https://docs.github.com/en/rest/activity/starring#list-stargazers>

use singer_tap::{Since, Stream, copy, schema};

pub(super) fn stream() -> Stream {
    super::of_repository("stargazers_rest", "/repos/{org}/{repo}/stargazers")
        .about("Who starred a repository, and when.")
        .schema(schema!("stargazers_rest"))
        .key(["user_id", "repo", "org"])
        // This media type adds the time.
        .header("accept", "application/vnd.github.star+json")
        .incremental("starred_at", Since::Scan)
        .transform([copy("user.id", "user_id")])
}
