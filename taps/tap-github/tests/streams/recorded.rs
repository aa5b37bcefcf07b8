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
fn config(mut selector: Value) -> Value {
    selector["auth_token"] = json!(crate::TOKEN);
    selector
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

/// Reads a stream below `acme/widgets`.
#[track_caller]
fn check_child(stream: &str) {
    check(stream, stream, &[REPOSITORY, stream], &widgets());
}

/// Reads a stream below `acme/widgets` from this bookmark; the ids that were emitted, and the
/// bookmark in the end.
#[track_caller]
fn resume(stream: &str, paths: &[&str], partitions: Value) -> (Vec<u64>, Value) {
    let state = json!({"bookmarks": {stream: {"partitions": partitions}}});
    let paths: Vec<&str> = [REPOSITORY].into_iter().chain(paths.iter().copied()).collect();
    let messages = singer_test::resume::<TapGithub>(stream, &fixtures(&paths), &widgets(), &state);
    assert_eq!(messages.outcome(), Outcome::Ok);
    let ids = messages.records(stream).iter().filter_map(|record| record["id"].as_u64()).collect();
    let state = messages.state().expect("a run ends with a STATE");
    let bookmark = &state["bookmarks"][stream]["partitions"]["acme/widgets"];
    (ids, bookmark["replication_key_value"].clone())
}

fn bookmark(value: &str) -> Value {
    json!({"acme/widgets": {
        "replication_key": "updated_at", "replication_key_value": value, "intervals": []}})
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

#[test]
fn issues_resume_at_their_bookmark_and_stay_behind_the_clock_of_the_server() {
    let check = |partitions: Value| {
        let (ids, bookmark) = resume("issues", &["issues/since"], partitions);
        assert_eq!(ids, [2_900_000_003]);
        // The issue changed 30 seconds before the answer: others of that time may come yet.
        assert_eq!(bookmark, "2026-10-04T05:59:00Z");
    };
    check(bookmark("2026-09-03T08:00:00Z"));
    // As singer-sdk taps write it.
    check(json!([{
        "context": {"org": "acme", "repo": "widgets", "repo_id": 1_296_269},
        "replication_key": "updated_at",
        "replication_key_value": "2026-09-03T08:00:00+00:00"}]));
}

#[test]
fn pull_requests_are_read_until_one_is_older_than_the_bookmark() {
    let check = |paths: &[&str], from: &str, ids: &[u64], to: &str| {
        let (found, bookmark) = resume("pull_requests", paths, bookmark(from));
        assert_eq!((found.as_slice(), bookmark.as_str()), (ids, Some(to)), "from {from}");
    };
    let newest = "2026-09-05T08:00:00Z";
    let (first, second) = ("pull_requests/1.http", "pull_requests/2.http");
    check(&[first, second], newest, &[2_900_100_002], newest);
    // The second page is not asked for.
    check(&[first], "2026-09-05T08:00:01Z", &[], "2026-09-05T08:00:01Z");
}

#[test]
fn an_empty_repository_has_no_commits() {
    let fixtures = fixtures(&[REPOSITORY, "commits/empty"]);
    let messages = singer_test::stream::<TapGithub>("commits", &fixtures, &widgets());
    assert_eq!((messages.outcome(), messages.records("commits").len()), (Outcome::Ok, 0));
}

#[test]
fn schemas_suit_every_target_and_have_the_fields_that_are_made_here() {
    // The lint and the rest of conformance are checked for every stream that is written.
    let schemas = singer_test::schemas::<TapGithub>(&config(json!({})));
    let check = |stream: &str, fields: &[&str]| {
        let schema = schemas.schema(stream).unwrap_or_else(|| panic!("`{stream}` has a SCHEMA"));
        for field in fields {
            let pointer = format!("/properties/{}", field.replace('.', "/properties/"));
            assert!(schema.pointer(&pointer).is_some(), "`{stream}` has `{field}`");
        }
    };
    let parent = ["org", "repo", "repo_id"];
    let reactions = ["reactions.plus_one", "reactions.minus_one"];
    check("organizations", &["id", "login"]);
    check("repositories", &["id", "org", "repo", "search_name", "search_query", "owner.login"]);
    check("users", &["id", "login", "updated_at"]);
    for stream in [
        "issues",
        "issue_comments",
        "pull_requests",
        "commits",
        "labels",
        "milestones",
        "releases",
        "stargazers_rest",
    ] {
        check(stream, &parent);
    }
    for stream in ["issues", "issue_comments", "pull_requests", "releases"] {
        check(stream, &reactions);
    }
    check("issues", &["type", "issue_type.name", "pull_request.url"]);
    check("issue_comments", &["issue_number", "issue_url"]);
    check("commits", &["commit_timestamp", "commit.committer.date"]);
    check("stargazers_rest", &["user_id", "starred_at", "user.login"]);
}

#[test]
fn credentials_in_an_answer_are_not_passed_on() {
    let fixtures = fixtures(&[REPOSITORY]);
    let answer = std::fs::read_to_string(&fixtures[0]).expect("the fixture can be read");
    assert!(answer.contains("temp_clone_token"), "the answer holds a credential");
    let messages = singer_test::stream::<TapGithub>("repositories", &fixtures, &widgets());
    assert!(!messages.stdout().contains("temp_clone_token"));
}
