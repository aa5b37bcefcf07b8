//! <https://docs.github.com/en/graphql/reference/objects#discussioncategory>

use singer_tap::{Stream, schema};

use super::of_repository;
use crate::config::Config;

const TEXT: &str = include_str!("discussion_categories.graphql");

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/repository/discussionCategories");
    of_repository("discussion_categories", query)
        .about("Categories of a repository's discussions.")
        .schema(schema!("discussion_categories"))
        .key(["node_id"])
}
