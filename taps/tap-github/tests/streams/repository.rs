//! Repositories and what they list of themselves.

use mock_api::{Options, Server};
use serde_json::json;
use singer_tap::Outcome;
use singer_test::Subject;
use tap_github::TapGithub;

use crate::{check_served, github, served, settings};

#[test]
fn repositories() {
    check_served("repositories");
}

#[test]
fn anonymous_contributors() {
    check_served("anonymous_contributors");
}

#[test]
fn assignees() {
    check_served("assignees");
}

#[test]
fn branches() {
    check_served("branches");
}

#[test]
fn collaborators() {
    check_served("collaborators");
}

#[test]
fn community_profile() {
    check_served("community_profile");
}

#[test]
fn contributors() {
    check_served("contributors");
}

#[test]
fn custom_properties() {
    check_served("custom_properties");
}

#[test]
fn dependencies() {
    check_served("dependencies");
}

#[test]
fn deploy_keys() {
    check_served("deploy_keys");
}

#[test]
fn environments() {
    check_served("environments");
}

#[test]
fn languages() {
    check_served("languages");
}

#[test]
fn readme() {
    check_served("readme");
}

#[test]
fn readme_html() {
    check_served("readme_html");
}

#[test]
fn refs() {
    check_served("refs");
}

#[test]
fn rulesets() {
    check_served("rulesets");
}

#[test]
fn stargazers() {
    check_served("stargazers");
}

#[test]
fn stats_contributors() {
    check_served("stats_contributors");
}

#[test]
fn tags() {
    check_served("tags");
}

#[test]
fn traffic_clones() {
    check_served("traffic_clones");
}

#[test]
fn traffic_pageviews() {
    check_served("traffic_pageviews");
}

#[test]
fn traffic_referral_paths() {
    check_served("traffic_referral_paths");
}

#[test]
fn traffic_referrers() {
    check_served("traffic_referrers");
}

/// Reads a stream of a repository about which GitHub answers with this status; how the run ends, and
/// with how many requests for that answer.
#[track_caller]
fn check_refused(stream: &str, path: &str, status: u16, outcome: Outcome, requests: usize) {
    let github = github();
    let path = format!("/repos/acme/widgets/{path}");
    let fault = json!({"kind": "status", "status": status});
    let script = json!([{"match": {"path": path}, "fault": fault}]);
    github.misbehave(&script).expect("a script of faults");
    let subject = Subject::new(settings(&github, &json!({"organizations": ["acme"]})));
    let messages = singer_test::read::<TapGithub>(stream, &subject, None);
    assert_eq!(messages.outcome(), outcome, "{stream}: {}", messages.log());
    assert!(messages.records(stream).is_empty(), "{stream}");
    let asked = github.take_requests();
    let asked = asked.iter().filter(|request| request.contains(&path)).count();
    assert_eq!(asked, requests, "{stream}");
}

#[test]
fn a_repository_that_is_empty_has_nothing() {
    for (stream, path, status) in [
        ("refs", "git/matching-refs/", 409),
        ("contributors", "contributors", 204),
        ("anonymous_contributors", "contributors", 204),
        ("stats_contributors", "stats/contributors", 204),
        ("readme", "readme", 404),
        ("readme_html", "readme", 404),
    ] {
        check_refused(stream, path, status, Outcome::Ok, 1);
    }
}

#[test]
fn what_github_does_not_have_of_a_repository_fails_nothing() {
    check_refused("contributors", "contributors", 403, Outcome::Ok, 1);
    check_refused("anonymous_contributors", "contributors", 403, Outcome::Ok, 1);
    check_refused("rulesets", "rulesets", 403, Outcome::Ok, 1);
    check_refused("community_profile", "community/profile", 404, Outcome::Ok, 1);
    check_refused("custom_properties", "properties/values", 404, Outcome::Ok, 1);
}

#[test]
fn what_the_credential_may_not_see_is_told_and_never_nothing() {
    for (stream, path) in [
        ("collaborators", "collaborators"),
        ("deploy_keys", "keys"),
        ("traffic_clones", "traffic/clones"),
        ("readme", "readme"),
        ("branches", "branches"),
    ] {
        check_refused(stream, path, 403, Outcome::Partial, 1);
    }
}

#[test]
fn statistics_that_are_not_ready_in_time_are_told() {
    check_refused("stats_contributors", "stats/contributors", 202, Outcome::Partial, 6);
}

#[test]
fn visits_of_the_last_two_weeks_are_read_again() {
    let (github, selectors) = (github(), json!({"organizations": ["acme"]}));
    for stream in ["traffic_clones", "traffic_pageviews"] {
        let first = served(&github, stream, &selectors, None);
        let again = served(&github, stream, &selectors, first.state().as_ref());
        assert_eq!(again.records(stream).len(), first.records(stream).len());
        assert_eq!(again.state(), first.state());
    }
}

#[test]
fn lists_that_lose_rows_at_any_time_are_looked_at_once_more() {
    let options = format!("--repos 1 --issues 6 --token {}", crate::TOKEN);
    let options = Options::of(&format!("{options} --rows branches=102 --rows refs=102"));
    let github = Server::start(options).expect("a port of the loopback interface is free");
    for stream in ["branches", "refs"] {
        let messages = served(&github, stream, &json!({"organizations": ["acme"]}), None);
        assert_eq!(messages.records(stream).len(), 102);
        let [_, first, _, again] = github.take_requests().try_into().expect("four requests");
        assert_eq!(again, first);
    }
}
