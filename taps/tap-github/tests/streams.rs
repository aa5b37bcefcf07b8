//! What each stream asks for and writes, over recorded exchanges.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use singer_tap::Outcome;
use tap_github::TapGithub;

/// The one exchange that the streams below a repository need first.
const REPOSITORY: &str = "repositories/1.http";

fn fixtures(paths: &[&str]) -> Vec<PathBuf> {
    let root = Path::new("../../fixtures/tap-github");
    paths.iter().map(|path| root.join(path)).collect()
}

/// Settings that name one thing to read; the token keeps the environment's out.
fn config(selector: Value) -> Value {
    let mut config = json!({"auth_token": "token-of-the-test"});
    config.as_object_mut().unwrap().extend(selector.as_object().unwrap().clone());
    config
}

fn widgets() -> Value {
    config(json!({"repositories": ["acme/widgets"]}))
}

/// Reads a stream over these fixtures and compares everything it wrote with the snapshot.
#[track_caller]
fn check(name: &str, stream: &str, paths: &[&str], config: &Value) {
    let messages = singer_test::stream::<TapGithub>(stream, &fixtures(paths), config);
    assert_eq!(messages.outcome(), Outcome::Ok);
    insta::assert_snapshot!(name, messages.snapshot());
}

/// Reads a stream below `acme/widgets`, both from scratch.
#[track_caller]
fn check_child(stream: &str) {
    check(stream, stream, &[REPOSITORY, stream], &widgets());
}

#[test]
fn repositories_are_read_one_by_one() {
    check("repositories", "repositories", &[REPOSITORY], &widgets());
}

#[test]
fn repositories_of_an_organization_are_listed() {
    let config = config(json!({"organizations": ["acme"]}));
    check("repositories_of_organizations", "repositories", &["repositories/2.http"], &config);
}

#[test]
fn repositories_are_searched() {
    let config = config(json!({"searches": [{"name": "widgets", "query": "widgets"}]}));
    check("repositories_of_searches", "repositories", &["repositories/3.http"], &config);
}

#[test]
fn organizations_are_read_one_by_one() {
    let config = config(json!({"organizations": ["acme"]}));
    check("organizations", "organizations", &["organizations"], &config);
}

#[test]
fn users_are_read_by_login() {
    check("users", "users", &["users/1.http"], &config(json!({"user_usernames": ["mona"]})));
}

#[test]
fn users_are_read_by_number() {
    check("users_by_id", "users", &["users/2.http"], &config(json!({"user_ids": ["4201337"]})));
}

#[test]
fn issues_have_their_type_and_plain_reactions() {
    check_child("issues");
}

#[test]
fn issue_comments_name_their_issue() {
    check_child("issue_comments");
}

#[test]
fn pull_requests_come_newest_first() {
    check_child("pull_requests");
}

#[test]
fn commits_have_the_time_of_their_committer() {
    check_child("commits");
}

#[test]
fn labels_are_read_whole() {
    check_child("labels");
}

#[test]
fn milestones_are_read_whole() {
    check_child("milestones");
}

#[test]
fn releases_are_read_whole() {
    check_child("releases");
}

#[test]
fn stargazers_are_named_by_their_user() {
    check_child("stargazers_rest");
}
