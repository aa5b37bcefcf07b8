//! <https://docs.github.com/en/rest/metrics/traffic#get-top-referral-sources>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("traffic_referrers", "/repos/{org}/{repo}/traffic/popular/referrers")
        .about("The ten sites that led most visitors to a repository in the last two weeks. It takes push access.")
        .schema(schema!("traffic_referrers"))
        .key(["repo", "org", "referrer"])
        .selected_by_default(false)
}
