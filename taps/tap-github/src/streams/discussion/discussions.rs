//! <https://docs.github.com/en/graphql/reference/objects#discussion>

use singer_tap::{Nested, Since, Stream, hoist, rename, schema};

use super::{REACTIONS, counted_reactions, of_repository};
use crate::config::Config;

const TEXT: &str = concat!(
    include_str!("discussions.graphql"),
    include_str!("labels.graphql"),
    include_str!("reactions.graphql"),
    include_str!("actor.graphql"),
);

const LABELS: Nested = Nested {
    at: "/labels",
    id: "/node_id",
    rest: concat!(include_str!("more_labels.graphql"), include_str!("labels.graphql")),
    rest_at: "/data/node/labels",
};

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/repository/discussions");
    of_repository("discussions", query.nested(LABELS).nested(REACTIONS))
        .about("Discussions of a repository.")
        // As in the state of MeltanoLabs' tap.
        .child_of("repositories", ["repo_id"])
        .schema(schema!("discussions"))
        .key(["id"])
        .incremental("updated_at", Since::StopAt)
        .transform([
            rename("comments.totalCount", "comments_count"),
            rename("labels.totalCount", "labels_count"),
            hoist("labels.nodes", "labels"),
        ])
        .transform(counted_reactions())
        .omit(["labels.pageInfo", "reactions.pageInfo"])
        .child_context([
            ("discussion_id", "id"),
            ("discussion_number", "number"),
            ("discussion_node_id", "node_id"),
        ])
}
