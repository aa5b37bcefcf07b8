//! Users and what they do.

use serde_json::json;

use crate::{check_selected, github_with, served};

const USER: &str = "salty-cactus-3";
const ID: &str = "1000047";

#[test]
fn starred() {
    check_selected("starred", &json!({"user_usernames": [USER]}));
}

#[test]
fn user_contributed_to() {
    check_selected("user_contributed_to", &json!({"user_ids": [ID]}));
}

#[test]
fn stars_are_read_until_one_is_known() {
    let github = github_with(|options| options.github.repos = Some(150));
    let read = |state| {
        let messages = served(&github, "starred", &json!({"user_usernames": [USER]}), state);
        let pages = github.take_requests().iter().filter(|line| line.contains("/starred")).count();
        let state = messages.state().expect("a run ends with a STATE").clone();
        (messages.records("starred").len(), pages, state)
    };
    let (all, pages, state) = read(None);
    assert_eq!((all, pages), (150, 2));
    let (again, pages, _) = read(Some(&state));
    assert_eq!((again, pages), (1, 1));
}
