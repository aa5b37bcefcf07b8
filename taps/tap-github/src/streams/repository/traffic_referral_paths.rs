//! <https://docs.github.com/en/rest/metrics/traffic#get-top-referral-paths>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository(
        "traffic_referral_paths",
        "/repos/{org}/{repo}/traffic/popular/paths",
    )
    .about("The ten most viewed pages of a repository in the last two weeks. It takes push access.")
    .schema(schema!("traffic_referral_paths"))
    .key(["repo", "org", "path"])
    .selected_by_default(false)
}
