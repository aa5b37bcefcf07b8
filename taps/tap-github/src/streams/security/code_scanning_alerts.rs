//! <https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    super::alerts("code_scanning_alerts", "/repos/{org}/{repo}/code-scanning/alerts")
        .about("Code scanning alerts of the default branch, in every state. Takes the right to read security events.")
        .schema(schema!("code_scanning_alerts"))
        .param("sort", "updated")
        .param("direction", "desc")
        .incremental("updated_at", Since::StopAt)
}
