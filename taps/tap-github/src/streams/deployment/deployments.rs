//! <https://docs.github.com/en/rest/deployments/deployments#list-deployments>

use singer_tap::{Since, Stream, json_text, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("deployments", "/repos/{org}/{repo}/deployments")
        .about("Deployments of a repository. All are read, since the next one changes an old one; those that changed are written.")
        .schema(schema!("deployments"))
        .key(["node_id"])
        // Newest first by creation, whereas a status can be added at any time.
        .incremental("updated_at", Since::Scan)
        .shrinks()
        // An object or a text, as whoever deploys has it.
        .transform([json_text("payload")])
        .child_context([("deployment_id", "id")])
}
