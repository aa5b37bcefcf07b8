//! <https://docs.github.com/en/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    super::alerts("secret_scanning_alerts", "/repos/{org}/{repo}/secret-scanning/alerts")
        .about("Secret scanning alerts of a repository, in every state, without the secrets. Takes the right to read them. All are read every time: `updated_at` is null until something happens to an alert.")
        .schema(schema!("secret_scanning_alerts"))
        .param("hide_secret", "true")
        .omit(["secret"])
        // None goes away, and new ones come last, so that no page shifts while the list is read.
        .param("sort", "created")
        .param("direction", "asc")
}
