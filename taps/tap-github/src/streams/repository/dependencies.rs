//! <https://docs.github.com/en/graphql/reference/objects#dependencygraphmanifest>

use singer_tap::{Nested, Stream, copy, schema};

use crate::config::Config;

const TEXT: &str =
    concat!(include_str!("dependencies.graphql"), include_str!("dependency.graphql"));

const PACKAGES: Nested = Nested {
    at: "/dependencies",
    id: "/node_id",
    rest: concat!(
        include_str!("dependencies_of_manifest.graphql"),
        include_str!("dependency.graphql"),
    ),
    rest_at: "/data/node/dependencies",
};

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/repository/dependencyGraphManifests");
    crate::streams::below_repository("dependencies")
        .about("Packages that the manifests of a repository name.")
        .schema(schema!("dependencies"))
        .key(["repo_id", "package_name", "package_manager", "requirements"])
        .graphql(
            query
                .variable("org", "org")
                .variable("repo", "repo")
                // GitHub is slow with large manifests.
                .page_sizes([10, 5, 2, 1])
                .records_in(PACKAGES, []),
        )
        .transform([copy("dependency.id", "dependency_repo_id")])
}
