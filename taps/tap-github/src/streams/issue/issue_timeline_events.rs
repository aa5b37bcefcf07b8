//! <https://docs.github.com/en/rest/issues/timeline#list-timeline-events-for-an-issue>

use singer_tap::{Stream, from_parent, joined, schema};

pub(super) fn stream() -> Stream {
    super::of_issue(
        "issue_timeline_events",
        "/repos/{org}/{repo}/issues/{issue_number}/timeline",
    )
    .about("What happened to issues and pull requests, comments, reviews and commits included: a request for each that changed.")
    .schema(schema!("issue_timeline_events"))
    // An event that tells of a mention elsewhere has no id; two of one time differ in the source.
    .key(["repo_id", "issue_number", "event", "event_key"])
    .follows_parent()
    .transform([
        joined(["node_id", "source.issue.id", "created_at"], "event_key"),
        from_parent("issue_id"),
        from_parent("issue_number"),
    ])
    .transform(crate::streams::plain_reactions())
}
