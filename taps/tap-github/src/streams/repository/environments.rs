//! <https://docs.github.com/en/rest/deployments/environments#list-environments>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("environments", "/repos/{org}/{repo}/environments")
        .about("Environments to which a repository is deployed, and the rules that protect them.")
        .schema(schema!("environments"))
        .key(["id"])
        .records_at("/environments")
}
