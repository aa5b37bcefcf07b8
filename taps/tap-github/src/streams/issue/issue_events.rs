//! <https://docs.github.com/en/rest/issues/events#list-issue-events-for-a-repository>

use singer_tap::{Since, Stream, hoist, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("issue_events", "/repos/{org}/{repo}/issues/events")
        .about("What was done with the issues and pull requests of a repository.")
        .schema(schema!("issue_events"))
        .key(["id"])
        // Newest first, which cannot be asked for.
        .incremental("created_at", Since::StopAt)
        .transform([
            hoist("issue.id", "issue_id"),
            hoist("issue.number", "issue_number"),
            hoist("issue.url", "issue_url"),
        ])
        // The whole issue, as it is when its events are read, with every one of them.
        .omit(["issue"])
}
