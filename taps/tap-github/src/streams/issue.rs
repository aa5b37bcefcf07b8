//! Issues and what is said and done about them.

mod events;
mod issue_comment_reactions;
mod issue_comments;
mod issue_events;
mod issue_reactions;
mod issue_timeline_events;
mod issue_types;
mod issues;
mod labels;
mod milestones;
mod sub_issues;

use singer_tap::{LinkHeader, Stream, from_parent};

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    vec![
        issues::stream(),
        issue_comments::stream(),
        issue_comment_reactions::stream(),
        issue_events::stream(),
        issue_reactions::stream(),
        issue_timeline_events::stream(),
        sub_issues::stream(),
        events::stream(),
        labels::stream(),
        milestones::stream(config),
    ]
}

/// The streams of organisations that are about their issues.
pub(super) fn streams_of_organizations() -> Vec<Stream> {
    vec![issue_types::stream()]
}

/// What is asked for issue by issue.
fn of_issue(name: &str, path: &'static str) -> Stream {
    Stream::new(name)
        .child_of("issues", ["org", "repo", "issue_number"])
        .get(path)
        .param("per_page", "100")
        .paginate(LinkHeader)
        .transform([from_parent("org"), from_parent("repo"), from_parent("repo_id")])
        .selected_by_default(false)
}
