//! <https://docs.github.com/en/graphql/reference/objects#pullrequest>

use singer_tap::{Since, Stream, from_parent, hoist, rename, schema, url_id};

use crate::config::Config;
use crate::graphql;

pub(super) fn stream(config: &Config) -> Stream {
    let query = graphql::query(
        config,
        include_str!("pull_request_stats.graphql"),
        "/data/repository/pullRequests",
    );
    Stream::new("pull_request_stats")
        .about("How much pull requests change and how much is said about them, which their list does not tell.")
        .schema(schema!("pull_request_stats"))
        .key(["id"])
        .child_of("repositories", ["org", "repo"])
        .incremental("updated_at", Since::StopAt)
        .lag(crate::streams::LAG)
        .graphql(query.variable("owner", "org").variable("name", "repo"))
        .transform(["org", "repo", "repo_id"].map(from_parent))
        .transform([
            rename("number", "pull_number"),
            // GraphQL writes it as a text.
            url_id("id", "id"),
            hoist("commits.totalCount", "commits"),
            hoist("comments.totalCount", "comments"),
            hoist("review_threads.totalCount", "review_threads"),
        ])
}
