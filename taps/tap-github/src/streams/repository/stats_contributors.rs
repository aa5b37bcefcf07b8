//! <https://docs.github.com/en/rest/metrics/statistics#get-all-contributor-commit-activity>

use singer_tap::{Stream, filter, hoist, schema};

/// The fields of an author that keep their names.
const AUTHOR: [&str; 20] = [
    "login",
    "node_id",
    "name",
    "email",
    "avatar_url",
    "gravatar_id",
    "url",
    "html_url",
    "followers_url",
    "following_url",
    "gists_url",
    "starred_url",
    "subscriptions_url",
    "organizations_url",
    "repos_url",
    "events_url",
    "received_events_url",
    "type",
    "site_admin",
    "user_view_type",
];

pub(super) fn stream() -> Stream {
    let path = "/repos/{org}/{repo}/stats/contributors";
    crate::streams::under_repository("stats_contributors", path)
        .about("What each contributor did in each week. It is computed on demand, and waited for.")
        .schema(schema!("stats_contributors"))
        .key(["user_id", "week_start", "repo", "org"])
        .each("weeks")
        .transform([
            hoist("weeks.w", "week_start"),
            hoist("weeks.a", "additions"),
            hoist("weeks.d", "deletions"),
            hoist("weeks.c", "commits"),
            hoist("author.id", "user_id"),
        ])
        .transform(AUTHOR.map(|field| hoist(&format!("author.{field}"), field)))
        // All commits of the contributor, not those of the week.
        .omit(["total"])
        // Most weeks hold nothing, and an account that was deleted has no id.
        .only([filter::any(["additions", "deletions", "commits"]), filter::any(["user_id"])])
        // An empty repository.
        .empty_on([204])
}
