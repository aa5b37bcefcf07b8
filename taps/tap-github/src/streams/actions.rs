//! GitHub Actions: workflows, their runs, and the jobs of these.

mod workflow_run_jobs;
mod workflow_runs;
mod workflows;

use singer_tap::Stream;

/// The streams of this area.
pub(super) fn streams() -> Vec<Stream> {
    vec![workflows::stream(), workflow_runs::stream(), workflow_run_jobs::stream()]
}
