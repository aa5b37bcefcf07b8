//! <https://docs.github.com/en/graphql/reference/objects#projectv2>

use singer_tap::{Stream, from_parent, schema};

use crate::config::Config;

const TEXT: &str = concat!(include_str!("projects.graphql"), include_str!("creator.graphql"));

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/organization/projectsV2");
    Stream::new("projects")
        .about("Projects of an organisation.")
        .schema(schema!("projects"))
        .key(["org", "id"])
        .selected_by_default(false)
        .child_of("organizations", ["org"])
        .graphql(query.variable("org", "org").rewrite(super::with_ids))
        .transform([from_parent("org")])
        .child_context([("project_number", "number")])
}
