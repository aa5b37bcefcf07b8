//! <https://docs.github.com/en/graphql/reference/objects#stargazerconnection>

use singer_tap::{Since, Stream, copy, from_parent, schema};

use crate::config::Config;
use crate::graphql;

pub(super) fn stream(config: &Config) -> Stream {
    let query =
        graphql::query(config, include_str!("stargazers.graphql"), "/data/repository/stargazers");
    Stream::new("stargazers")
        .about("Who starred a repository, and when, newest first. Stars that were taken back stay in the target; `stargazers_rest` reads all that are there.")
        .schema(schema!("stargazers"))
        .key(["user_id", "repo_id"])
        .child_of("repositories", ["repo_id"])
        // By cursor: a star that is taken back while the list is read moves no other.
        .incremental("starred_at", Since::StopAt)
        .lag(crate::streams::LAG)
        .graphql(query.edges().variable("owner", "org").variable("name", "repo"))
        .transform(["org", "repo", "repo_id"].map(from_parent))
        .transform([copy("user.id", "user_id")])
}
