use serde_json::{Value, json};

use super::*;

fn selectors(settings: Value) -> Result<Selectors, String> {
    let config: Config = serde_json::from_value(settings).expect("settings");
    Selectors::read(&config).map_err(|error| error.to_string())
}

#[test]
fn repositories_are_named_one_by_one_or_listed_by_their_owners_each_once() {
    let read = selectors(json!({
        "repositories": ["acme/a", "Acme/A", "octo/*", "acme/api-*", "acme/b", "acme/legacy-x"],
        "organizations": ["OCTO", "initech", "umbrella"],
        "exclude": ["*/legacy-*", "umbrella/*"],
    }));
    let read = read.unwrap();
    let named = [("acme", "a"), ("acme", "b")].map(|(owner, name)| (owner.into(), name.into()));
    assert_eq!(read.named, named);
    assert_eq!(read.owners, ["octo", "acme", "initech"]);
}

#[test]
fn what_was_found_is_wanted_if_it_is_selected_and_not_left_out() {
    let read = selectors(json!({
        "repositories": ["acme/api-*", "octo/*"],
        "exclude": ["octo/api-*"],
        "skip_archived": true,
        "skip_forks": true,
    }));
    let read = read.unwrap();
    let check = |found, full_name: &str, archived: bool, fork: bool, expected: bool| {
        let fields = [json!(full_name), json!(archived), json!(fork)];
        assert_eq!(read.wants(found, &fields), expected, "{found:?} {full_name}");
    };
    check(Found::Listed, "acme/api-1", false, false, true);
    check(Found::Listed, "acme/web", false, false, false);
    check(Found::Listed, "octo/web", false, false, true);
    check(Found::Listed, "Octo/API-1", false, false, false);
    check(Found::Listed, "octo/web", true, false, false);
    check(Found::Listed, "octo/web", false, true, false);
    check(Found::Searched, "else/web", false, false, true);
    check(Found::Searched, "octo/api-1", false, false, false);
    check(Found::Searched, "else/web", false, true, false);
    check(Found::Named, "else/web", true, true, true);
    check(Found::Named, "octo/api-1", false, false, false);
}

#[test]
fn a_selector_that_selects_nothing_is_told_with_its_place() {
    let check = |setting: &str, value: Value, told: &str| {
        let error = selectors(json!({setting: value})).unwrap_err();
        assert!(error.starts_with(&format!("config: /{setting}/{told}")), "{error}");
    };
    check("repositories", json!(["a/b", "acme"]), "1: expected `owner/name`");
    check("repositories", json!(["*/b"]), "0: expected `owner/name`");
    check("repositories", json!(["https://github.com/a/b"]), "0: expected `owner/name`");
    check("organizations", json!(["acme/x"]), "0: expected a login");
    check("organizations", json!([""]), "0: expected a login");
    check("user_usernames", json!(["a b"]), "0: expected a login");
    check("exclude", json!(["legacy"]), "0: expected a pattern");
    check("searches", json!([{"name": "", "query": "a"}]), "0/name: must not be empty");
    check("searches", json!([{"name": "a", "query": " "}]), "0/query: must not be empty");
    let twice = json!([{"name": "a", "query": "x"}, {"name": "a", "query": "y"}]);
    check("searches", twice, "1/name: `a` is the name of another search too");
    let same = json!([{"name": "a", "query": "x"}, {"name": "a", "query": "x"}]);
    assert!(selectors(json!({"searches": same})).is_ok());
    assert!(selectors(json!({"user_usernames": ["dependabot[bot]"]})).is_ok());
}

#[test]
fn owners_are_those_of_all_selectors() {
    let config = json!({"repositories": ["acme/a", "octo/*"], "organizations": ["Acme", "x"]});
    let config: Config = serde_json::from_value(config).expect("settings");
    assert_eq!(owners(&config), ["Acme", "x", "octo"]);
}
