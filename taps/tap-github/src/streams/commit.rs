//! Commits and what is said about them.

mod check_runs;
mod check_suites;
mod commit_comment_reactions;
mod commit_comments;
mod commit_diffs;
mod commit_files;
mod commit_statuses;
mod commits;

use singer_tap::{Stream, from_parent};

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![
        commits::stream(),
        commit_comments::stream(),
        commit_comment_reactions::stream(),
        commit_diffs::stream(),
        commit_files::stream(),
        commit_statuses::stream(),
        check_runs::stream(),
        check_suites::stream(),
    ]
}

/// What is asked for commit by commit, of the new ones only. A day is looked back, as for commits
/// themselves: a check that ends later than that stays as it was.
fn of_commit(name: &str, path: &'static str) -> Stream {
    Stream::new(name)
        .child_of("commits", ["org", "repo", "commit_id"])
        .follows_parent()
        .get(path)
        .transform([
            from_parent("org"),
            from_parent("repo"),
            from_parent("repo_id"),
            from_parent("commit_id"),
        ])
}
