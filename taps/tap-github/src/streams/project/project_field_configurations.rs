//! <https://docs.github.com/en/graphql/reference/unions#projectv2fieldconfiguration>

use singer_tap::{Nested, Stream, from_parent, hoist, schema};

use crate::config::Config;

const TEXT: &str =
    concat!(include_str!("project_field_configurations.graphql"), include_str!("fields.graphql"));

const FIELDS: Nested = Nested {
    at: "/fields",
    id: "/project_id",
    rest: concat!(include_str!("more_fields.graphql"), include_str!("fields.graphql")),
    rest_at: "/data/node/fields",
};

pub(super) fn stream(config: &Config) -> Stream {
    // With the projects themselves: a query for a hundred of them instead of one for each.
    let query = crate::graphql::query(config, TEXT, "/data/organization/projectsV2");
    Stream::new("project_field_configurations")
        .about("The fields of each project of an organisation, one record a project.")
        .schema(schema!("project_field_configurations"))
        .key(["org", "project_number"])
        .selected_by_default(false)
        .child_of("organizations", ["org"])
        .graphql(query.variable("org", "org").nested(FIELDS).rewrite(super::with_ids))
        .transform([from_parent("org"), hoist("fields.nodes", "all_field_configurations")])
        .omit(["project_id", "fields.pageInfo"])
}
