//! Discussions and what is said in them; only GraphQL has them.

mod discussion_categories;
mod discussion_comment_replies;
mod discussion_comments;
mod discussions;

use singer_tap::{Nested, Query, Stream, Transform, hoist, rename};

use crate::config::Config;

/// The reactions to a discussion or a comment.
const REACTIONS: Nested = Nested {
    at: "/reactions",
    id: "/node_id",
    rest: concat!(
        include_str!("discussion/more_reactions.graphql"),
        include_str!("discussion/reactions.graphql"),
        include_str!("discussion/actor.graphql"),
    ),
    rest_at: "/data/node/reactions",
};

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    let streams = [
        discussions::stream,
        discussion_categories::stream,
        discussion_comments::stream,
        discussion_comment_replies::stream,
    ];
    crate::graphql::only(config, streams)
}

/// A stream of what a query finds in a repository.
fn of_repository(name: &str, query: Query) -> Stream {
    crate::streams::below_repository(name)
        .only_if("has_discussions")
        .graphql(query.variable("org", "org").variable("repo", "repo"))
}

/// What is said in a discussion: read again when the discussion changed, since nothing less tells of
/// a comment that was edited or deleted.
fn of_discussion(name: &str, query: Query) -> Stream {
    Stream::new(name)
        .child_of("discussions", ["discussion_id"])
        .follows_parent()
        .only_if("comments_count")
        .graphql(query)
        .transform([
            singer_tap::from_parent("org"),
            singer_tap::from_parent("repo"),
            singer_tap::from_parent("repo_id"),
            singer_tap::from_parent("discussion_id"),
            singer_tap::from_parent("discussion_number"),
        ])
        .transform(counted_reactions())
        .omit(["reactions.pageInfo"])
}

/// The list of reactions beside their number.
fn counted_reactions() -> [Transform; 2] {
    [rename("reactions.totalCount", "reactions_count"), hoist("reactions.nodes", "reactions")]
}
