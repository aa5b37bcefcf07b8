//! Workflows, their runs, and deployments.

use super::{Parent, Small, list};

pub(crate) const TABLE: &[Small] = &[
    list!("workflows", "/repos/{owner}/{repo}/actions/workflows", 3).node("W").named("workflows"),
    list!("workflow_runs", "/repos/{owner}/{repo}/actions/runs", 5)
        .node("WFR")
        .named("workflow_runs")
        .newest_first()
        .window(1_000),
    list!("workflow_run_jobs", "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs", 2)
        .node("CR")
        .of(Parent::Small("workflow_runs"))
        .named("jobs"),
    list!("deployments", "/repos/{owner}/{repo}/deployments", 3).node("DE").newest_first(),
    list!("deployment_statuses", "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses", 2)
        .node("DES")
        .newest_first()
        .of(Parent::Small("deployments")),
];
