//! Several credentials, and Apps.

use serde_json::json;
use singer_tap_tests::{Mock, TOKEN, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];
const KEY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/singer-http/tests/keys/pkcs8.pem");

/// A tap with two tokens, of quotas that are used to the last request.
fn two_tokens<'a>(mock: &'a Mock, max_wait: u64) -> Tap<'a> {
    Tap::of(mock, &REPOS)
        .with("additional_auth_tokens", json!([format!("{TOKEN}b")]))
        .with("quota_reserve", 0)
        .with("max_wait", max_wait)
        .args("--select issues")
}

/// A server with 60 pages of issues, which are 61 requests, and these quotas of the two tokens.
fn sixty_pages(first: u64, second: u64, more: &str) -> Mock {
    Mock::start(&format!(
        "--repos 1 --issues 6000 --token {TOKEN}={first} --token {TOKEN}b={second} {more}"
    ))
}

#[test]
fn a_token_that_is_used_up_at_page_30_leaves_the_rest_to_the_other_without_a_wait() {
    let mock = sixty_pages(30, 31, "");
    let run = two_tokens(&mock, 0).run().ends_with(0);
    assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
    assert_eq!(run.output().records("issues").len(), 6_000, "none is written twice");
    assert_eq!(mock.requests()["statuses"], json!({"200": 61}), "{}", run.log());
    assert_eq!(run.told("waiting"), [""; 0], "{}", run.log());
}

#[test]
fn tokens_that_are_all_used_up_are_waited_for() {
    let mock = sixty_pages(20, 20, "--quota-window 8");
    let run = two_tokens(&mock, 60).run().ends_with(0);
    assert!(!run.told("waiting").is_empty(), "{}", run.log());
    assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
    assert_eq!(run.output().records("issues").len(), 6_000, "none is written twice");
    assert_eq!(mock.requests()["statuses"], json!({"200": 61}), "{}", run.log());
}

#[test]
fn tokens_that_are_all_used_up_and_may_not_be_waited_for_end_with_5_at_once() {
    let mock = sixty_pages(20, 20, "");
    let run = two_tokens(&mock, 0).run().ends_with(5);
    let told = run.told("CRITICAL [RATE01]");
    assert!(told.len() == 1 && told[0].contains("it frees at "), "{}", run.log());
    assert_eq!(mock.requests()["statuses"], json!({"200": 40}), "{}", run.log());
    let first = run.output();
    mock.post("clock?advance=3600");
    let second = two_tokens(&mock, 0).state(first.last_state()).run().ends_with(0).output();
    assert_eq!(missing(&mock, "issues", &REPOS, &[&first, &second]), [""; 0]);
    assert!(second.records("issues").len() < 2_300, "it goes on where the first run ended");
}

/// An App's key.
fn key(app: &str) -> String {
    let pem = std::fs::read_to_string(KEY).expect("the key of the tests");
    format!("{app};;{pem}")
}

#[test]
fn an_apps_tokens_are_renewed_while_a_run_lasts() {
    let mock = Mock::start(&format!(
        "--repos 1 --issues 3000 --latency-ms 100 --token {TOKEN} --app 42@acme={KEY} --app-token-lifetime 2"
    ));
    let tap = Tap::bare()
        .with("api_url_base", mock.url())
        .with("repositories", json!(REPOS))
        .with("auth_app_keys", json!([key("42")]))
        .args("--select issues");
    let run = tap.run().ends_with(0);
    assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
    let statuses = &mock.requests()["statuses"];
    assert!(statuses["201"].as_u64() > Some(1), "{statuses}");
}

#[test]
fn each_organisation_is_read_with_its_own_app_and_the_rest_by_a_token() {
    let mock = Mock::start(&format!(
        "--repo acme/a:issues=3 --repo octo/b:issues=3 --repo initech/c:issues=3 --token {TOKEN} \
         --app 42@acme={KEY} --app 43@octo={KEY}"
    ));
    let tap = |octo: &str| {
        Tap::bare()
            .with("api_url_base", mock.url())
            .with("auth_token", TOKEN)
            .with("org_auth_app_keys", json!({"acme": [key("42")], "octo": [key(octo)]}))
            .with("organizations", json!(["acme", "octo", "initech"]))
            .args("--select issues")
    };
    assert_eq!(tap("43").run().ends_with(0).output().records("issues").len(), 9);
    // The token could read it, but it is not asked.
    let run = tap("42").run().ends_with(6);
    assert_eq!(run.output().records("issues").len(), 6);
    let told = run.told("WARNING [AUTH02]");
    assert_eq!(told.len(), 1, "{}", run.log());
    assert!(told[0].contains("the App is not installed for `octo`"), "{}", told[0]);
    assert_eq!(run.told("[PERM06]").len(), 1, "{}", run.log());
}

#[test]
fn an_enterprise_server_is_asked_at_its_own_address_only() {
    let mock = Mock::start(&format!(
        "--base-path /api/v3 --repo acme/a:issues=3 --token {TOKEN} --app 42@acme={KEY}"
    ));
    let tap = Tap::bare()
        .with("api_url_base", format!("{}/api/v3", mock.url()))
        .with("auth_app_keys", json!([key("42")]))
        .with("searches", json!([{"name": "all", "query": "org:acme fork:true"}]))
        .with("organizations", json!(["acme"]))
        .args("--select organizations --select repositories --select issues");
    let output = tap.run().ends_with(0).output();
    let count = |stream: &str| output.records(stream).len();
    assert_eq!((count("organizations"), count("repositories"), count("issues")), (1, 1, 3));
}

#[test]
fn an_app_that_github_does_not_know_ends_the_run_with_3() {
    let mock = Mock::start(&format!("--repos 1 --token {TOKEN} --app 42@acme={KEY}"));
    let tap = Tap::bare()
        .with("api_url_base", mock.url())
        .with("repositories", json!(REPOS))
        .env("GITHUB_APP_PRIVATE_KEY", &key("41"))
        .args("--select issues");
    let run = tap.run().ends_with(3);
    let told = run.told("CRITICAL [AUTH01]");
    assert!(told.len() == 1 && told[0].contains("`GITHUB_APP_PRIVATE_KEY`"), "{}", run.log());
}
