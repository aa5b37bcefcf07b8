//! What belongs to commits.

use super::issue::reactions;
use super::{Parent, Small, list};

/// A diff as it is asked for by media type.
const DIFF: &str = "diff --git a/src/{{word:one}}.rs b/src/{{word:one}}.rs
@@ -1,2 +1,3 @@
 {{word:one}}
+{{word:two}}
";

pub(crate) const TABLE: &[Small] = &[
    list!("commit_files", "/repos/{owner}/{repo}/commits/{ref}", 1)
        .of(Parent::Commit)
        .single()
        .media("application/vnd.github.diff", DIFF),
    list!("commit_statuses", "/repos/{owner}/{repo}/commits/{ref}/statuses", 2)
        .node("SC")
        .of(Parent::Commit)
        .newest_first(),
    list!("check_runs", "/repos/{owner}/{repo}/commits/{ref}/check-runs", 2)
        .node("CR")
        .of(Parent::Commit)
        .named("check_runs"),
    list!("check_suites", "/repos/{owner}/{repo}/commits/{ref}/check-suites", 1)
        .node("CS")
        .of(Parent::Commit)
        .named("check_suites"),
    list!("commit_comments", "/repos/{owner}/{repo}/comments", 5).node("CC"),
    list!("commit_comment_reactions", "/repos/{owner}/{repo}/comments/{comment_id}/reactions", 0)
        .node("REA")
        .of(Parent::Small("commit_comments"))
        .count(reactions),
];
