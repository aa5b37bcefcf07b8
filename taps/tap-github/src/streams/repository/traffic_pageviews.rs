//! <https://docs.github.com/en/rest/metrics/traffic#get-page-views>

use singer_tap::{Since, Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("traffic_pageviews", "/repos/{org}/{repo}/traffic/views")
        .about("Views of a repository by day. GitHub keeps two weeks, and wants push access.")
        .schema(schema!("traffic_pageviews"))
        .key(["repo", "org", "timestamp"])
        .records_at("/views")
        // Never whole: what is older than GitHub remembers must stay in the target.
        .incremental("timestamp", Since::Scan)
        .lookback(super::COUNTED)
        .selected_by_default(false)
}
