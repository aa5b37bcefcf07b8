//! What belongs to pull requests.

use super::issue::reactions;
use super::{Parent, Small, list};

/// A diff as it is asked for by media type.
const DIFF: &str = "diff --git a/src/{{word:one}}.rs b/src/{{word:one}}.rs
@@ -1,2 +1,3 @@
 {{word:one}}
+{{word:two}}
";

pub(crate) const TABLE: &[Small] = &[
    list!("review_comments", "/repos/{owner}/{repo}/pulls/comments", 6)
        .node("PRRC")
        .sorted()
        .since(),
    list!(
        "review_comment_reactions",
        "/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions",
        0
    )
    .node("REA")
    .of(Parent::Small("review_comments"))
    .count(reactions),
    list!("pull_request_diffs", "/repos/{owner}/{repo}/pulls/{pull_number}", 1)
        .of(Parent::Pull)
        .single()
        .media("application/vnd.github.diff", DIFF),
    list!("pull_request_files", "/repos/{owner}/{repo}/pulls/{pull_number}/files", 2)
        .of(Parent::Pull),
];
