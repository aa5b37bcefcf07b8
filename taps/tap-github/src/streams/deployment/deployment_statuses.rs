//! <https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses>

use singer_tap::{LinkHeader, Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("deployment_statuses")
        .about("Statuses of the deployments that changed.")
        .schema(schema!("deployment_statuses"))
        .key(["node_id"])
        .child_of("deployments", ["org", "repo", "deployment_id"])
        // A status that is added moves `updated_at` of its deployment.
        .follows_parent()
        .get("/repos/{org}/{repo}/deployments/{deployment_id}/statuses")
        .param("per_page", "100")
        .paginate(LinkHeader)
        .transform([
            from_parent("org"),
            from_parent("repo"),
            from_parent("repo_id"),
            from_parent("deployment_id"),
        ])
}
