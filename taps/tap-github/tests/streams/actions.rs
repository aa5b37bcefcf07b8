//! GitHub Actions: workflows, their runs, and the jobs of these.

use std::collections::BTreeSet;

use mock_api::Server;
use serde_json::{Value, json};

use crate::{change, check_selected, check_served, github, github_with, requests, served};

/// An end, so that a bookmark does not tell when the test ran.
fn until() -> Value {
    json!({"organizations": ["acme"], "end_date": "2026-11-01T00:00:00Z"})
}

#[test]
fn workflows() {
    check_served("workflows");
}

#[test]
fn workflow_runs() {
    check_selected("workflow_runs", &until());
}

#[test]
fn workflow_run_jobs() {
    check_selected("workflow_run_jobs", &until());
}

fn runs(github: &Server) -> usize {
    requests(github).iter().filter(|request| request.contains("/actions/runs?")).count()
}

#[test]
fn more_runs_than_github_shows_at_once_are_read_by_ranges_each_once() {
    let github = github_with(|options| {
        options.github.sizes.rows = vec![("workflow_runs".to_owned(), 1_200)];
    });
    let all = json!({"organizations": ["acme"]});
    let messages = served(&github, "workflow_runs", &all, None);
    let ids: BTreeSet<u64> =
        messages.records("workflow_runs").iter().filter_map(|run| run["id"].as_u64()).collect();
    assert_eq!((messages.records("workflow_runs").len(), ids.len()), (1_200, 1_200));
    let asked = runs(&github);
    assert!(asked <= 25, "{asked} requests for 12 pages");
}

#[test]
fn a_run_that_changed_is_written_again_and_its_jobs_are_read() {
    // The clock of the server is that of its rows.
    let github = github_with(|options| options.serve.date = Some(options.github.now));
    let all = json!({"organizations": ["acme"]});
    change(&github, "create?repo=acme/widgets&resource=workflow_runs&count=3");
    change(&github, "clock?advance=3600");
    let (first, jobs) = (
        served(&github, "workflow_runs", &all, None),
        served(&github, "workflow_run_jobs", &all, None),
    );
    change(&github, "clock?advance=86400");
    let changed = change(&github, "touch?repo=acme/widgets&resource=workflow_runs&number=7");
    requests(&github);

    let again = served(&github, "workflow_runs", &all, first.state().as_ref());
    let written = again.records("workflow_runs");
    let numbers: Vec<&Value> = written.iter().map(|run| &run["run_number"]).collect();
    assert_eq!(numbers, [7], "{changed}");
    assert_eq!(runs(&github), 1);

    let again = served(&github, "workflow_run_jobs", &all, jobs.state().as_ref());
    let runs: BTreeSet<u64> = again
        .records("workflow_run_jobs")
        .iter()
        .filter_map(|job| job["run_id"].as_u64())
        .collect();
    assert_eq!(runs.len(), 1);
    let asked = requests(&github);
    assert_eq!(asked.iter().filter(|request| request.contains("/jobs?")).count(), 1, "{asked:?}");
}

#[test]
fn the_state_of_a_partition_for_every_run_becomes_a_bookmark_a_repository() {
    let github = github();
    let context = json!({"org": "acme", "repo": "widgets", "repo_id": 1});
    let runs = json!({"partitions": [{"context": context, "replication_key": "created_at",
        "replication_key_value": "2026-11-01T00:00:00+00:00"}]});
    let of = |id: u64| json!({"context": {"org": "acme", "repo": "widgets", "run_id": id}});
    let jobs = json!({"partitions": (1..500).map(of).collect::<Vec<_>>()});
    let state = json!({"bookmarks": {"workflow_runs": runs, "workflow_run_jobs": jobs}});
    let messages = served(&github, "workflow_run_jobs", &until(), Some(&state));
    assert!(messages.records("workflow_run_jobs").is_empty(), "they were read by the other tap");
    let state = messages.state().expect("a run ends with a STATE");
    let bookmark = &state["bookmarks"]["workflow_run_jobs"]["partitions"];
    assert_eq!(bookmark.as_object().map(|all| all.len()), Some(1), "{bookmark}");
    assert_eq!(bookmark["acme/widgets"]["replication_key_value"], "2026-11-01T00:00:00Z");
}
