//! Pull requests and their parts.

mod account;
mod pull_request_commit_diffs;
mod pull_request_commits;
mod pull_request_diffs;
mod pull_request_files;
mod pull_request_stats;
mod pull_requests;
mod review_comment_reactions;
mod review_comments;
mod reviews;
mod verification;

use singer_tap::{LinkHeader, Stream, from_parent};

use crate::config::Config;
use crate::graphql;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    let mut streams = vec![
        pull_requests::stream(),
        reviews::stream(config),
        review_comments::stream(),
        review_comment_reactions::stream(),
        pull_request_commits::stream(config),
        pull_request_commit_diffs::stream(),
        pull_request_diffs::stream(),
        pull_request_files::stream(),
    ];
    streams.extend(graphql::only(config, [pull_request_stats::stream]));
    streams
}

/// What belongs to a pull request, and is read when the pull request changed.
fn of_pull_request(name: &str, path: &'static str) -> Stream {
    Stream::new(name)
        .child_of("pull_requests", ["org", "repo", "pull_number"])
        .follows_parent()
        .get(path)
        .transform(["org", "repo", "repo_id", "pull_number"].map(from_parent))
}

/// The same of a list.
fn list_of_pull_request(name: &str, path: &'static str) -> Stream {
    of_pull_request(name, path).param("per_page", "100").paginate(LinkHeader)
}

/// Checks that a query asks for what a table says that GraphQL gives.
#[cfg(test)]
fn check_asked(table: &[(&str, &str)], query: &str) {
    let asked: Vec<&str> = query.split_whitespace().collect();
    for (field, path) in table.iter().filter(|(_, path)| !path.is_empty()) {
        for name in path.split('.') {
            assert!(asked.contains(&name), "`{field}` is to come from `{path}`");
        }
    }
}
