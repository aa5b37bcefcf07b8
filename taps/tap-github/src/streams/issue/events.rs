//! <https://docs.github.com/en/rest/activity/events#list-repository-events>

use std::time::Duration;

use singer_tap::{LinkHeader, Since, Stream, from_parent, rename, schema};

/// The API shows no more of them, and none that are older.
const MOST: u64 = 300;
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How late an event may show.
const LATENCY: Duration = Duration::from_secs(6 * 60 * 60);

pub(super) fn stream() -> Stream {
    Stream::new("events")
        .about("What happened in a repository: at most 300 events of the last 30 days.")
        .schema(schema!("events"))
        .child_of("repositories", ["org", "repo"])
        .get("/repos/{org}/{repo}/events")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .shows_at_most(MOST, Some(KEPT))
        .key(["id"])
        .incremental("created_at", Since::StopAt)
        .lag(LATENCY)
        .transform([
            rename("repo", "target_repo"),
            rename("org", "target_org"),
            rename("payload.issue.reactions.+1", "payload.issue.reactions.plus_one"),
            rename("payload.issue.reactions.-1", "payload.issue.reactions.minus_one"),
            rename("payload.comment.reactions.+1", "payload.comment.reactions.plus_one"),
            rename("payload.comment.reactions.-1", "payload.comment.reactions.minus_one"),
            from_parent("org"),
            from_parent("repo"),
            from_parent("repo_id"),
        ])
}
