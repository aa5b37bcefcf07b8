//! <https://docs.github.com/en/rest/issues/milestones#list-milestones>

use singer_tap::{Since, Stream, schema};

use crate::config::Config;

pub(super) fn stream(config: &Config) -> Stream {
    crate::streams::of_repository("milestones", "/repos/{org}/{repo}/milestones")
        .about("Milestones of a repository; open ones, unless `stream_options` says otherwise.")
        .schema(schema!("milestones"))
        .key(["id"])
        .param("state", config.stream_options.milestones.state.param())
        // The list shifts while it is read when a milestone is closed, and it is short.
        .incremental("updated_at", Since::Reread)
}
