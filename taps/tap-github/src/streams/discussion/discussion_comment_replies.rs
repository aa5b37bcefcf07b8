//! <https://docs.github.com/en/graphql/reference/objects#discussioncomment>

use singer_tap::{Nested, Stream, schema};

use super::{REACTIONS, of_discussion};
use crate::config::Config;

const TEXT: &str = concat!(
    include_str!("discussion_comment_replies.graphql"),
    include_str!("comment.graphql"),
    include_str!("reactions.graphql"),
    include_str!("actor.graphql"),
);

/// The replies to a comment.
const REPLIES: Nested = Nested {
    at: "/replies",
    id: "/node_id",
    rest: concat!(
        include_str!("more_replies.graphql"),
        include_str!("comment.graphql"),
        include_str!("reactions.graphql"),
        include_str!("actor.graphql"),
    ),
    rest_at: "/data/node/replies",
};

/// Discussions a query, of which each costs two points: 20 comments have ten replies each, and each
/// reply a list of its own.
const DISCUSSIONS: usize = 10;

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/comments")
        .of_parents("/data/nodes", "ids", "discussion_node_id")
        .page_sizes([20, 10, 5])
        .records_in(REPLIES, [("comment_id", "/id")])
        .nested(REACTIONS);
    of_discussion("discussion_comment_replies", query)
        .about("Replies to comments on discussions.")
        .schema(schema!("discussion_comment_replies"))
        .key(["id"])
        .batch(DISCUSSIONS)
}
