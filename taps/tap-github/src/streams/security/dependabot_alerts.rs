//! <https://docs.github.com/en/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    super::alerts("dependabot_alerts", "/repos/{org}/{repo}/dependabot/alerts")
        .about("Dependabot alerts of a repository, in every state. Takes the right to read them.")
        .schema(schema!("dependabot_alerts"))
        .param("sort", "updated")
        .param("direction", "desc")
        .incremental("updated_at", Since::StopAt)
}
