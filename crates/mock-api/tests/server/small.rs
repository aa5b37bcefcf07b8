//! Small lists: wrappers, parents, windows, changes.

use serde_json::{Value, json};

use crate::site::Site;

const RUNS: &str = "/repos/acme/widgets/actions/runs";

fn rows(site: &Site, target: &str, name: &str) -> Vec<Value> {
    site.get(target).json()[name].as_array().unwrap().clone()
}

#[test]
fn a_wrapped_list_is_paged_under_its_name_and_tells_how_many_there_are() {
    let site = Site::new("--rows workflow_runs=25");
    let reply = site.get(&format!("{RUNS}?per_page=10"));
    assert_eq!(reply.json()["total_count"], 25);
    assert_eq!(reply.json()["workflow_runs"].as_array().unwrap().len(), 10);
    let next = reply.link("next").unwrap();
    assert!(next.contains("/repositories/") && next.contains("/actions/runs?"), "{next}");
    let truth = site.truth("repo=acme/widgets&resource=workflow_runs&fields=id,created_at");
    let mut listed = rows(&site, &format!("{RUNS}?per_page=100"), "workflow_runs");
    listed.reverse();
    let pick = |row: &Value| json!({"id": row["id"], "created_at": row["created_at"]});
    assert_eq!(listed.iter().map(pick).collect::<Vec<_>>(), truth, "newest first");
}

#[test]
fn children_are_found_under_the_id_of_their_parent_alone() {
    let site = Site::new("--rows workflow_runs=3 --rows workflow_run_jobs=4");
    for run in rows(&site, RUNS, "workflow_runs") {
        let jobs = rows(&site, &format!("{RUNS}/{}/jobs", run["id"]), "jobs");
        assert_eq!(jobs.len(), 4);
        assert!(jobs.iter().all(|job| job["run_id"] == run["id"]));
        assert!(jobs.iter().all(|job| job["created_at"].as_str() >= run["created_at"].as_str()));
    }
    assert_eq!(site.get(&format!("{RUNS}/7/jobs")).status, 404);
    let jobs = site.truth("resource=workflow_run_jobs&fields=id");
    let distinct: std::collections::BTreeSet<String> = jobs.iter().map(Value::to_string).collect();
    assert_eq!((jobs.len(), distinct.len()), (36, 36));
}

#[test]
fn rows_are_touched_made_and_deleted_at_one_place() {
    let site = Site::new("--rows workflow_runs=3");
    let post = |action: &str, rest: &str| {
        site.post(&format!("/_mock/{action}?repo=acme/widgets&resource={rest}"), "")
    };
    let touched = post("touch", "workflow_runs&number=2");
    assert_eq!((&touched["touched"], &touched["numbers"]), (&json!(1), &json!([2])));
    post("create", "workflow_runs&count=2");
    post("delete", "workflow_runs&number=1");
    let runs = rows(&site, RUNS, "workflow_runs");
    let numbers: Vec<&Value> = runs.iter().map(|run| &run["run_number"]).collect();
    assert_eq!(numbers, [5, 4, 3, 2]);
    let last = &runs[3];
    assert_eq!(last["updated_at"], touched["first_at"]);
    assert!(last["display_title"].as_str().unwrap().ends_with("(edit 1)"));
    let run = &runs[1]["id"];
    let jobs = || rows(&site, &format!("{RUNS}/{run}/jobs"), "jobs").len();
    let before = jobs();
    post("create", &format!("workflow_run_jobs&of={run}"));
    assert_eq!(jobs(), before + 1);
    assert_eq!(rows(&site, "/repos/acme/gadgets/actions/runs", "workflow_runs").len(), 3);
}

#[test]
fn a_touched_parent_has_touched_its_last_child() {
    let site = Site::new("--rows workflow_runs=2");
    let done = site.post("/_mock/touch?repo=acme/widgets&resource=workflow_runs&number=2", "");
    let run = rows(&site, RUNS, "workflow_runs")[0]["id"].clone();
    let jobs = rows(&site, &format!("{RUNS}/{run}/jobs"), "jobs");
    assert_eq!(jobs.last().unwrap()["completed_at"], done["first_at"]);
}

#[test]
fn a_search_by_time_ends_at_a_thousand_rows_and_tells_of_more() {
    let site = Site::new("--repos 1 --rows workflow_runs=1200");
    let last = |query: &str| {
        let reply = site.get(&format!("{RUNS}?per_page=100&{query}"));
        let pages = reply.link("last").and_then(|last| last.rsplit("page=").next()?.parse().ok());
        (reply.json()["total_count"].as_u64().unwrap(), pages)
    };
    assert_eq!(last(""), (1_200, Some(12)));
    assert_eq!(last("created=>=2020-01-01"), (1_200, Some(10)));
    let (some, _) = last("created=2024-01-01..2024-12-31");
    let (none, _) = last("created=<2020-01-01");
    assert!(some > 0 && some < 1_200 && none == 0);
}

#[test]
fn a_repository_may_have_sizes_of_its_own() {
    let site = Site::new("--rows workflow_runs=2 --repo a/x --repo a/y:workflow_runs=4,issues=1");
    let count =
        |repo: &str| rows(&site, &format!("/repos/{repo}/actions/runs"), "workflow_runs").len();
    assert_eq!([count("a/x"), count("a/y")], [2, 4]);
}

#[test]
fn every_small_list_is_found_at_the_path_that_it_tells() {
    let site = Site::new("--repos 1 --issues 10 --commits 3");
    let endpoints = site.get("/_mock/endpoints").json();
    let endpoints = endpoints.as_object().unwrap();
    assert!(endpoints.len() > 2);
    for (pattern, path) in endpoints {
        let mut reply = site.get(path.as_str().unwrap());
        if reply.status == 202 {
            reply = site.get(path.as_str().unwrap());
        }
        assert_eq!(reply.status, 200, "{pattern}: {path}");
        let rest = |path: &str| path.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
        assert!(!rest(path.as_str().unwrap()).contains('{'), "{path}");
    }
}
