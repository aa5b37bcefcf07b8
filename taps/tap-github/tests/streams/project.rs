//! Projects of organisations, their fields and items.

use serde_json::{Value, json};

use crate::{check_served, github, served};

#[test]
fn projects() {
    check_served("projects");
}

#[test]
fn project_field_configurations() {
    check_served("project_field_configurations");
}

#[test]
fn project_items() {
    check_served("project_items");
}

#[test]
fn fields_and_values_are_read_to_their_end() {
    let github = github();
    let settings = json!({"organizations": ["acme"]});
    let longest = |stream: &str, list: &str| {
        let messages = served(&github, stream, &settings, None);
        let records = messages.records(stream);
        records.iter().filter_map(|record| record[list].as_array()).map(Vec::len).max()
    };
    // The fake's second project has 62 fields; title and status have columns, labels are the issue's.
    assert_eq!(longest("project_field_configurations", "all_field_configurations"), Some(62));
    assert_eq!(longest("project_items", "field_values"), Some(59));
}

#[test]
fn items_are_asked_for_in_pages_of_the_size_that_the_user_wants() {
    let github = github();
    let items = |settings: Value| {
        let messages = served(&github, "project_items", &settings, None);
        let queries = github.take_requests().iter().filter(|line| line.contains("graphql")).count();
        (messages.records("project_items").len(), queries)
    };
    let (all, queries) = items(json!({"organizations": ["acme"]}));
    let smaller = json!({"project_items": {"page_size": 5}});
    let (found, more) = items(json!({"organizations": ["acme"], "stream_options": smaller}));
    assert_eq!((found, more), (all, queries + 2), "two projects of seven items");
}
