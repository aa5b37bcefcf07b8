//! Discussions and what is said in them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{check_served, github_with, served};

#[test]
fn discussions() {
    check_served("discussions");
}

#[test]
fn discussion_categories() {
    check_served("discussion_categories");
}

#[test]
fn discussion_comments() {
    check_served("discussion_comments");
}

#[test]
fn discussion_comment_replies() {
    check_served("discussion_comment_replies");
}

/// All records of a stream of a repository with so many discussions, and the state that it ends with.
fn read(github: &mock_api::Server, stream: &str, state: Option<&Value>) -> (Vec<Value>, Value) {
    let messages = served(github, stream, &json!({"organizations": ["acme"]}), state);
    (messages.records(stream), messages.state().expect("a run ends with a STATE").clone())
}

#[test]
fn what_is_said_is_read_again_only_where_the_discussion_changed() {
    let github = github_with(|options| options.github.sizes.discussions = 60);
    for stream in ["discussion_comments", "discussion_comment_replies"] {
        let (first, state) = read(&github, stream, None);
        let queries = github.take_requests().iter().filter(|line| line.contains("graphql")).count();
        let (again, _) = read(&github, stream, Some(&state));
        let of = |records: &[Value]| -> HashSet<u64> {
            records.iter().filter_map(|record| record["discussion_id"].as_u64()).collect()
        };
        // The one at the bookmark comes again.
        assert!(of(&first).len() > 40 && of(&again).len() <= 1, "{stream}: {again:?}");
        // The discussions, and batches of them; a few replies and reactions more.
        assert!(queries < 30, "{stream}: {queries}");
    }
}

#[test]
fn lists_within_lists_are_read_to_their_end() {
    let github = github_with(|options| options.github.sizes.discussions = 60);
    let count = |record: &Value, name: &str| record[name].as_u64().expect("a count");
    let (comments, _) = read(&github, "discussion_comments", None);
    let (replies, _) = read(&github, "discussion_comment_replies", None);
    let (discussions, _) = read(&github, "discussions", None);
    let told: u64 = comments.iter().map(|comment| count(comment, "replies_count")).sum();
    assert_eq!(replies.len() as u64, told);
    assert!(comments.iter().any(|comment| count(comment, "replies_count") > 10));
    let ids: HashSet<&Value> = comments.iter().map(|comment| &comment["id"]).collect();
    assert!(replies.iter().all(|reply| ids.contains(&reply["comment_id"])));
    for (stream, records) in
        [("comments", comments), ("replies", replies), ("discussions", discussions)]
    {
        let reactions = |record: &Value| record["reactions"].as_array().map_or(0, Vec::len) as u64;
        assert!(
            records.iter().all(|one| reactions(one) == count(one, "reactions_count")),
            "{stream}"
        );
        assert!(records.iter().any(|record| reactions(record) > 20), "{stream}");
    }
}

#[test]
fn a_repository_without_discussions_is_not_asked_for_any() {
    let github = github_with(|options| options.github.sizes.discussions = 0);
    for stream in ["discussions", "discussion_categories", "discussion_comments"] {
        let (records, _) = read(&github, stream, None);
        assert!(records.is_empty(), "{stream}");
        let requests = github.take_requests();
        assert!(requests.iter().all(|line| !line.contains("graphql")), "{stream}: {requests:?}");
    }
}

#[test]
fn the_state_of_the_other_tap_is_read_on_from() {
    let github = github_with(|options| options.github.sizes.discussions = 60);
    let (all, state) = read(&github, "discussions", None);
    let newest = &all[0];
    assert_eq!(
        newest["updated_at"],
        state["bookmarks"]["discussions"]["partitions"][newest["repo_id"].to_string()]["replication_key_value"]
    );
    let theirs = json!({"bookmarks": {"discussions": {"partitions": [{
        "context": {"repo_id": newest["repo_id"]},
        "replication_key": "updated_at",
        "replication_key_value": newest["updated_at"]}]}}});
    let (again, _) = read(&github, "discussions", Some(&theirs));
    assert_eq!(again.len(), 1);
}
