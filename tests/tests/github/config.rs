//! Settings: where they come from, and what is told of wrong ones.

use serde_json::{Value, json};
use singer_tap_tests::{Mock, TOKEN, Tap};

#[test]
fn all_wrong_settings_are_told_at_once_with_their_places() {
    let run = Tap::bare()
        .with("auth_token", json!({"a": TOKEN}))
        .with("repositories", "acme/widgets")
        .with("concurrency", 0)
        .with("start_date", "yesterday")
        .with("metrics_log_level", "loud")
        .with("stream_options", json!({"milestones": {"state": "odd"}}))
        .run()
        .ends_with(2);
    let told = run.told("[CFG01]");
    assert_eq!(told.len(), 1, "{}", run.log());
    for pointer in [
        "/auth_token",
        "/repositories",
        "/concurrency",
        "/start_date",
        "/metrics_log_level",
        "/stream_options/milestones/state",
    ] {
        assert!(told[0].contains(&format!("{pointer}: ")), "{pointer}: {}", told[0]);
    }
}

#[test]
fn a_config_that_cannot_be_used_is_told_with_its_file() {
    for (content, told) in [
        ("{,", "not valid JSON at line 1"),
        ("[", "it ends too soon, at line 1"),
        ("", "it is empty"),
        ("[]", "expected a JSON object"),
        (r#"{"repositories": ["widgets"]}"#, "/repositories/0: expected `owner/name`"),
        (r#"{"repositories": ["a/b/c"]}"#, "/repositories/0: expected `owner/name`"),
        (r#"{"api_url_base": "not a place"}"#, "/api_url_base"),
        (r#"{"start_date": "2026-02-30", "repositories": ["a/b"]}"#, "/start_date: "),
        (
            r#"{"additional_auth_tokens": ["x", "file:/nowhere"]}"#,
            "/additional_auth_tokens/1: the file",
        ),
        (r#"{"repositories": ["a/b"], "stream_maps": {"issues": 3}}"#, "/stream_maps/issues: "),
        (r#"{"searches": [{"name": "mine"}]}"#, "/searches/0/query"),
    ] {
        let run = Tap::bare().file("--config", "broken.json", content).run().ends_with(2);
        let [line] = run.told("[CFG01]")[..] else { panic!("{content}: {}", run.log()) };
        assert!(line.contains("/broken.json: /"), "{line}");
        assert!(run.log().contains(told), "{content}: {}", run.log());
    }
}

#[test]
fn dates_between_which_nothing_lies_are_told() {
    let mock = Mock::start("--repo acme/widgets:issues=3");
    let tap =
        |start| Tap::of(&mock, &["acme/widgets"]).with("start_date", start).args("--select issues");
    let run = tap("9999-01-01").run().ends_with(0);
    assert_eq!(run.told("WARNING [CFG10]").len(), 1, "{}", run.log());
    let run = tap("2020-01-02").with("end_date", "2020-01-02").run().ends_with(0);
    assert_eq!(run.told("WARNING [CFG10] `end_date`").len(), 1, "{}", run.log());
    let run = tap("2020-01-01").with("end_date", "2020-01-02").run().ends_with(0);
    assert!(run.told("[CFG10]").is_empty(), "{}", run.log());
}

#[test]
fn an_unknown_setting_is_an_error_where_the_user_wants_it_so() {
    let tap = || Tap::bare().with("repositories", vec!["acme/widgets"]).with("concurency", 4);
    for strict in [tap().with("strict_config", true), tap().args("--test")] {
        let run = strict.run().ends_with(2);
        let told = "config.json: /concurency: unknown setting (did you mean `concurrency`?)";
        assert_eq!(run.told("[CFG01]").len(), 1, "{}", run.log());
        assert!(run.log().contains(told), "{}", run.log());
    }
}

#[test]
fn an_unknown_setting_is_told_with_the_nearest_name_and_without_its_value() {
    let mock = Mock::start("--repo acme/widgets:issues=3");
    let run = Tap::of(&mock, &["acme/widgets"])
        .with("auth_tokn", format!("{TOKEN}-copied"))
        .with("backoff_max_tries", 5)
        .args("--select issues")
        .run()
        .ends_with(0);
    assert!(run.told("[CFG02]")[0].contains("`auth_tokn` is ignored; did you mean `auth_token`"));
    assert!(run.told("[CFG03]")[0].contains("`backoff_max_tries` has no effect"));
    assert_eq!(run.output().records("issues").len(), 3);
}

#[test]
fn settings_come_from_variables_files_and_stdin_and_the_last_one_wins() {
    let mock = Mock::start(&format!(
        "--repo acme/widgets:issues=3 --repo acme/gadgets:issues=5 --token {TOKEN}"
    ));
    let base = json!({"api_url_base": mock.url(), "repositories": ["acme/gadgets"]}).to_string();
    let wrong = json!({"auth_token": "wrong"}).to_string();
    let other = json!({"repositories": ["acme/widgets"]}).to_string();
    let named = || {
        Tap::bare()
            .env("TAP_GITHUB_API_URL_BASE", mock.url())
            .env("TAP_GITHUB_REPOSITORIES", r#"["acme/gadgets"]"#)
            .env("TAP_GITHUB_AUTH_TOKEN", TOKEN)
    };
    for (tap, issues) in [
        (named().args("--config ENV"), 5),
        (named().args("--config ENV").file("--config", "b.json", &other), 3),
        (named().file("--config", "a.json", &wrong).args("--config ENV"), 5),
        (Tap::bare().file("-c", "a.json", &base).env("GITHUB_TOKEN", TOKEN), 5),
        (Tap::bare().args("--config -").input(&base).env("GITHUB_TOKEN", TOKEN), 5),
        (
            Tap::bare()
                .file("--config", "a.json", &base)
                .args("--config -")
                .input(&other)
                .env("GITHUB_TOKEN", TOKEN),
            3,
        ),
    ] {
        let run = tap.args("--select issues").run().ends_with(0);
        assert_eq!(run.output().records("issues").len(), issues);
    }
}

#[test]
fn variables_alone_are_no_config() {
    let run = Tap::bare().env("TAP_GITHUB_REPOSITORIES", r#"["acme/gadgets"]"#).run().ends_with(2);
    assert!(run.log().contains("the settings name nothing to read"));
}

#[test]
fn a_token_that_is_no_header_value_is_refused_without_being_told() {
    for (before, after) in [(" ", ""), ("", "\r\nx: y"), ("\u{fc}", "")] {
        let token = format!("{before}{TOKEN}{after}");
        let run = Tap::bare()
            .with("auth_token", token)
            .with("repositories", vec!["acme/widgets"])
            .run()
            .ends_with(2);
        assert!(run.told("[CFG01]")[0].contains("`auth_token`"), "{}", run.log());
    }
}

#[test]
fn organizations_users_and_searches_are_read_as_the_settings_say() {
    let mock = Mock::start("--issues 4 --pulls 1 --commits 3");
    let count = |setting: &str, value: Value, select: &str| {
        let tap = Tap::of(&mock, &[]).with(setting, value).args("--select").args(select);
        let run = tap.run().ends_with(0);
        run.output().records(select).len()
    };
    assert_eq!(count("organizations", json!(["acme"]), "organizations"), 1);
    assert_eq!(count("organizations", json!(["acme"]), "repositories"), 3);
    assert_eq!(count("organizations", json!(["acme"]), "issues"), 12);
    assert_eq!(count("repositories", json!(["acme/*"]), "pull_requests"), 3);
    let search = json!([{"name": "all", "query": "org:acme"}]);
    assert_eq!(count("searches", search.clone(), "repositories"), 3);
    assert_eq!(count("searches", search, "commits"), 9);
    assert_eq!(count("user_usernames", json!(["amber-otter-49"]), "users"), 1);
}

#[test]
fn a_repository_that_is_named_in_several_ways_is_read_once() {
    let mock = Mock::start("--issues 4 --pulls 1");
    let tap = Tap::of(&mock, &["acme/widgets", "acme/gadgets", "acme/widgets", "acme/*"])
        .with("organizations", vec!["acme"])
        .args("--select issues");
    assert_eq!(tap.run().ends_with(0).output().records("issues").len(), 12);
}
