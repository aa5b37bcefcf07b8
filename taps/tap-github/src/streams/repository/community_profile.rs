//! <https://docs.github.com/en/rest/metrics/community#get-community-profile-metrics>

use singer_tap::{Stream, schema};

pub(super) fn stream() -> Stream {
    crate::streams::under_repository("community_profile", "/repos/{org}/{repo}/community/profile")
        .about("What a repository has of what a community expects of it: license, code of conduct and so on.")
        .schema(schema!("community_profile"))
        .key(["repo", "org"])
        .single()
        // A fork, or a private repository.
        .tolerate([404])
}
