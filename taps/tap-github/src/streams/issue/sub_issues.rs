//! <https://docs.github.com/en/rest/issues/sub-issues#list-sub-issues>

use singer_tap::{Stream, exists, from_parent, rename, schema};

pub(super) fn stream() -> Stream {
    super::of_issue("sub_issues", "/repos/{org}/{repo}/issues/{issue_number}/sub_issues")
        .about("Which issues are parts of which: those of each issue that changed and has some.")
        .schema(schema!("sub_issues"))
        .key(["id"])
        .follows_parent()
        .only_if("sub_issues_summary.total")
        .transform([
            rename("type", "issue_type"),
            exists("pull_request", "type", "pull_request", "issue"),
            from_parent("issue_id"),
            from_parent("issue_number"),
            rename("issue_id", "parent_issue_id"),
            rename("issue_number", "parent_issue_number"),
        ])
        .transform(crate::streams::plain_reactions())
}
