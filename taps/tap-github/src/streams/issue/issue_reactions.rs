//! <https://docs.github.com/en/rest/reactions/reactions#list-reactions-for-an-issue>

use singer_tap::{Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    super::of_issue("issue_reactions", "/repos/{org}/{repo}/issues/{issue_number}/reactions")
        .about("Reactions to issues and pull requests: a request for each that has some.")
        .schema(schema!("issue_reactions"))
        .key(["id"])
        // A reaction does not move `updated_at` of its issue, so that all are read.
        .only_if("reactions.total_count")
        .transform([from_parent("issue_id"), from_parent("issue_number")])
}
