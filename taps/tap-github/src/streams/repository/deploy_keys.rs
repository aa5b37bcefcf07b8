//! <https://docs.github.com/en/rest/deploy-keys/deploy-keys#list-deploy-keys>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::of_repository("deploy_keys", "/repos/{org}/{repo}/keys")
        .about("Public keys that give access to a repository. It takes admin rights.")
        .schema(schema!("deploy_keys"))
        .key(["id"])
        .selected_by_default(false)
}
