//! <https://docs.github.com/en/graphql/reference/objects#user>

use singer_tap::{Stream, from_parent, schema};

use crate::config::Config;

const TEXT: &str = include_str!("user_contributed_to.graphql");

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/user/repositoriesContributedTo");
    Stream::new("user_contributed_to")
        .about("Repositories that a user contributed to of late.")
        .schema(schema!("user_contributed_to"))
        .key(["username", "name_with_owner"])
        .child_of("users", ["username"])
        .graphql(query.variable("username", "username"))
        .transform([from_parent("username")])
}
