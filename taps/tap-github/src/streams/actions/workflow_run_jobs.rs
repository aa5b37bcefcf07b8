//! <https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run>

use singer_tap::{LinkHeader, Stream, from_parent, schema};

pub(super) fn stream() -> Stream {
    Stream::new("workflow_run_jobs")
        .about("Jobs of the workflow runs that changed, with their steps; of all attempts.")
        .schema(schema!("workflow_run_jobs"))
        .key(["id"])
        .child_of("workflow_runs", ["org", "repo", "run_id"])
        .follows_parent()
        .get("/repos/{org}/{repo}/actions/runs/{run_id}/jobs")
        // Without it, jobs of earlier attempts are gone once a run is started again.
        .param("filter", "all")
        .param("per_page", "100")
        .records_at("/jobs")
        .paginate(LinkHeader)
        .transform([from_parent("org"), from_parent("repo"), from_parent("repo_id")])
}
