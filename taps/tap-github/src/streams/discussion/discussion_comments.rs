//! <https://docs.github.com/en/graphql/reference/objects#discussioncomment>

use singer_tap::{Stream, rename, schema};

use super::{REACTIONS, of_discussion};
use crate::config::Config;

const TEXT: &str = concat!(
    include_str!("discussion_comments.graphql"),
    include_str!("comment.graphql"),
    include_str!("reactions.graphql"),
    include_str!("actor.graphql"),
);

/// Discussions a query. Each comment has a list of its own, its reactions, and lists are what a query
/// costs: 20 times 50 of them are ten points.
const DISCUSSIONS: usize = 20;

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/comments")
        .of_parents("/data/nodes", "ids", "discussion_node_id")
        .page_sizes([50, 25, 10])
        .nested(REACTIONS);
    of_discussion("discussion_comments", query)
        .about("Comments on discussions, without the replies to them.")
        .schema(schema!("discussion_comments"))
        .key(["id"])
        .batch(DISCUSSIONS)
        .transform([rename("replies.totalCount", "replies_count")])
}
