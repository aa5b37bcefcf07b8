//! Which repositories are read, however they are found.

use std::collections::BTreeSet;

use mock_api::{Options, Server};
use serde_json::{Value, json};
use singer_tap::Outcome;
use singer_test::{Messages, Subject};
use tap_github::TapGithub;

use super::{TOKEN, served, settings};

/// Repositories with a label each, and nothing else.
fn github(arguments: &str) -> Server {
    let sizes = "--issues 0 --commits 1 --stars 0 --labels 1 --milestones 0 --releases 0";
    let arguments = format!("--token {TOKEN} {sizes} {arguments}");
    Server::start(Options::of(&arguments)).expect("a port of the loopback interface is free")
}

fn names(messages: &Messages) -> Vec<String> {
    let full_name = |record: &Value| record["full_name"].as_str().expect("a name").to_owned();
    messages.records("repositories").iter().map(full_name).collect()
}

fn search(query: &str) -> Value {
    json!({"searches": [{"name": "mine", "query": query}]})
}

#[test]
fn a_search_that_finds_more_than_is_shown_is_read_in_parts_each_repository_once() {
    let github = github("--repos 2300");
    let messages = served(&github, "repositories", &search("org:acme fork:true"), None);
    let found = names(&messages);
    let distinct: BTreeSet<&String> = found.iter().collect();
    assert_eq!((found.len(), distinct.len()), (2300, 2300));
    let asked = github.take_requests().len();
    // As many as there are pages, and as many again for the parts that were too large or part of a page.
    assert!(asked <= 23 * 2 + 10, "{asked} requests");
}

#[test]
fn a_created_of_the_users_own_bounds_the_parts() {
    let github = github("--repos 1500");
    let all = served(&github, "repositories", &search("org:acme fork:true"), None);
    let created = |record: &Value| record["created_at"].as_str().expect("a time").to_owned();
    let mut times: Vec<String> = all.records("repositories").iter().map(created).collect();
    times.sort();
    let (from, to) = (&times[100], &times[1400]);
    let wanted = times.iter().filter(|at| (from..=to).contains(at)).count();
    let query = format!("org:acme created:{from}..{to} fork:true");
    let found = names(&served(&github, "repositories", &search(&query), None));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    assert_eq!(found.len(), wanted);
    assert!(wanted > 1_000);
}

#[test]
fn a_search_whose_results_may_lack_some_is_asked_again_and_then_refused() {
    let incomplete = |times: u64| {
        json!([{"match": {"path": "/search/repositories"}, "times": times,
            "fault": {"kind": "replace", "find": "\"incomplete_results\":false",
                "with": "\"incomplete_results\":true"}}])
    };
    // However short the range is, too many were created in it.
    let crowded = json!([{"match": {"path": "/search/repositories"},
        "fault": {"kind": "replace", "find": "\"total_count\":", "with": "\"total_count\":9999"}}]);
    let check = |faults: &Value, query: &str, outcome: Outcome, told: &str| {
        let github = github("--repos 2");
        github.misbehave(faults).expect("a script");
        let subject = Subject::new(settings(&github, &search(query)));
        let messages = singer_test::read::<TapGithub>("repositories", &subject, None);
        assert_eq!(messages.outcome(), outcome, "{}", messages.log());
        assert!(messages.log().contains(told), "{}", messages.log());
        let state = messages.state().expect("a run ends with a STATE");
        let is_read = state["bookmarks"] != json!({});
        assert_eq!(
            (is_read, names(&messages).len()),
            match outcome {
                Outcome::Ok => (true, 2),
                _ => (false, 0),
            }
        );
    };
    let all = "org:acme fork:true";
    check(&incomplete(2), all, Outcome::Ok, "");
    check(&incomplete(9), all, Outcome::Refused, "[PAGE03]");
    check(&crowded, all, Outcome::Refused, "in the same second");
    check(&crowded, "org:acme -created:2020-01-01", Outcome::Refused, "cannot be split");
}

#[test]
fn a_repository_that_several_selectors_reach_is_written_once_and_every_one_is_complete() {
    let github = github("--repos 3 --repo octo/cat");
    let selectors = json!({
        "repositories": ["acme/widgets", "ACME/Widgets", "acme/g*", "octo/cat"],
        "organizations": ["acme"],
        "searches": [{"name": "a", "query": "org:acme fork:true"},
            {"name": "b", "query": "repo:acme/widgets fork:true"}],
    });
    let subject = Subject::new(settings(&github, &selectors));
    let messages = singer_test::read::<TapGithub>("repositories", &subject, None);
    let mut found = names(&messages);
    found.sort();
    assert_eq!(found, ["acme/gadgets", "acme/gizmos", "acme/widgets", "octo/cat"]);
    let state = messages.state().expect("a run ends with a STATE");
    let partitions = state["bookmarks"]["repositories"]["partitions"].as_object();
    let partitions: Vec<&String> = partitions.expect("partitions").keys().collect();
    let searches = ["a/org%3Aacme%20fork%3Atrue", "b/repo%3Aacme%2Fwidgets%20fork%3Atrue"];
    assert_eq!(partitions, [searches[0], "acme", "acme/widgets", searches[1], "octo/cat"]);

    github.take_requests();
    let labels = served(&github, "labels", &selectors, None);
    assert_eq!(labels.records("labels").len(), 4);
    let asked = github.take_requests();
    assert_eq!(asked.iter().filter(|request| request.contains("/labels")).count(), 4, "{asked:?}");
}

#[test]
fn what_is_left_out_is_neither_written_nor_read_for_children() {
    let github = github(
        "--repos 3 --repo acme/legacy-a --repo acme/old --repo acme/copy --repo octo/legacy-b \
         --archived acme/old --fork acme/copy",
    );
    let check = |selectors: Value, expected: &[&str]| {
        let mut found = names(&served(&github, "repositories", &selectors, None));
        found.sort();
        assert_eq!(found, expected, "{selectors}");
        github.take_requests();
        let labels = served(&github, "labels", &selectors, None);
        let is_list = |request: &&String| request.contains("/labels");
        let asked = github.take_requests().iter().filter(is_list).count();
        assert_eq!((labels.records("labels").len(), asked), (expected.len(), expected.len()));
    };
    check(
        json!({"repositories": ["acme/g*", "acme/*-a"]}),
        &["acme/gadgets", "acme/gizmos", "acme/legacy-a"],
    );
    let whole = json!({"organizations": ["acme", "octo"], "exclude": ["*/legacy-*", "acme/g*"],
        "skip_archived": true, "skip_forks": true});
    check(whole, &["acme/widgets"]);
    let named = json!({"repositories": ["acme/old", "acme/legacy-a"], "organizations": ["octo"],
        "exclude": ["acme/legacy-*"], "skip_archived": true});
    check(named, &["acme/old", "octo/legacy-b"]);
    let found = json!({"searches": [{"name": "a", "query": "org:acme fork:true"}],
        "exclude": ["acme/g*", "acme/legacy-*"], "skip_archived": true, "skip_forks": true});
    check(found, &["acme/widgets"]);
}
