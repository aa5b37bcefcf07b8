//! The ways to log in, and sessions that end.

use super::*;

const PASSWORD: &str = "pass-word-0fTheTest";
const TOKEN: &str = "sec-token-0fTheTest";

fn pem() -> String {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/singer-http/tests/keys/pkcs8.pem");
    std::fs::read_to_string(path).expect("the key can be read")
}

/// Logs in with these settings, and gives the log and the requests.
#[track_caller]
fn log_in(options: &str, more: &Value) -> (Messages, Vec<String>) {
    let org = salesforce(&format!("--accounts 3 {options}"));
    let run = attempt(&org, "Account", more);
    (run, requests(&org))
}

#[test]
fn there_are_four_ways_to_log_in_and_that_of_soap() {
    let without = json!({"refresh_token": null});
    let with = |more: Value| {
        let mut settings = without.clone();
        for (name, value) in more.as_object().into_iter().flatten() {
            settings[name] = value.clone();
        }
        settings
    };
    let user = "--username me@acme.example --password pass-word-0fTheTestsec-token-0fTheTest";
    let user_and_token =
        json!({"username": "me@acme.example", "password": PASSWORD, "security_token": TOKEN});
    let mut by_soap = with(user_and_token.clone());
    by_soap["client_id"] = Value::Null;
    by_soap["client_secret"] = Value::Null;
    for (options, settings, path) in [
        (format!("--refresh-token {REFRESH}"), json!({}), "/services/oauth2/token"),
        (format!("--client-secret {SECRET}"), without.clone(), "/services/oauth2/token"),
        (user.to_owned(), with(user_and_token), "/services/oauth2/token"),
        (
            String::new(),
            with(json!({"username": "me@acme.example", "private_key": pem()})),
            "/services/oauth2/token",
        ),
        (user.to_owned(), by_soap, "/services/Soap/u/62.0"),
    ] {
        let (run, asked) = log_in(&options, &settings);
        assert_eq!(run.outcome(), Outcome::Ok, "{settings}: {}", run.log());
        assert_eq!(run.records("Account").len(), 3);
        assert!(asked[0].contains(path), "{asked:?}");
    }
}

#[test]
fn an_app_without_a_user_logs_in_at_the_orgs_own_address_only() {
    let settings = json!({"refresh_token": null, "instance_url": null});
    let (run, asked) = log_in("", &settings);
    assert_eq!(run.outcome(), Outcome::Usage, "{}", run.log());
    assert!(run.log().contains("/domain: this way to log in needs it"), "{}", run.log());
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn wrong_credentials_end_the_run_with_the_reason_and_are_not_shown() {
    let (run, _) = log_in("--refresh-token another", &json!({}));
    assert_eq!(run.outcome(), Outcome::Auth, "{}", run.log());
    assert!(run.log().contains("invalid_grant") && !run.log().contains(REFRESH), "{}", run.log());
    assert!(run.log().contains("it says `expired access/refresh token`"), "{}", run.log());
}

#[test]
fn a_wrong_password_is_tried_once_so_that_nobody_is_locked_out() {
    let more = json!({
        "refresh_token": null, "client_id": null, "client_secret": null,
        "username": "me@acme.example", "password": "wrong-0fTheTest"});
    let (run, asked) = log_in("--username me@acme.example --password right", &more);
    assert_eq!(run.outcome(), Outcome::Auth, "{}", run.log());
    assert!(run.log().contains("INVALID_LOGIN"), "{}", run.log());
    assert_eq!(asked.len(), 1, "{asked:?}");
}

#[test]
fn settings_that_do_not_suffice_to_log_in_say_what_is_missing() {
    let check = |more: Value, pointer: &str| {
        let (run, asked) = log_in("", &more);
        assert_eq!(run.outcome(), Outcome::Usage, "{}", run.log());
        assert!(run.log().contains(pointer), "{}", run.log());
        assert!(asked.is_empty());
    };
    check(json!({"refresh_token": null, "client_secret": null}), "/refresh_token");
    check(json!({"client_id": null}), "/client_id");
    check(json!({"auth_flow": "password", "username": "x"}), "/password");
    check(json!({"auth_flow": "jwt_bearer", "private_key": pem()}), "/username");
}

#[test]
fn a_refresh_token_that_is_replaced_is_kept_before_the_session_is_used() {
    let store = std::env::temp_dir().join(format!("tap-salesforce-{}", std::process::id()));
    let settings = json!({"token_store": store});
    let org = salesforce(&format!("--accounts 3 --rotate --refresh-token {REFRESH}"));
    for _ in 0..3 {
        let run = read_well(&org, "Account", &settings, None);
        assert_eq!(run.records("Account").len(), 3);
    }
    for end in ["", ".lock"] {
        let _ = std::fs::remove_file(format!("{}{end}", store.display()));
    }
    let run = attempt(&org, "Account", &json!({}));
    assert_eq!(run.outcome(), Outcome::Auth, "the first one is dead: {}", run.log());
}

#[test]
fn a_session_that_ends_again_and_again_is_renewed_each_time() {
    let org = salesforce("--accounts 2000 --page 200 --session-requests 3");
    let run = read_well(&org, "Account", &json!({"api_type": "REST"}), None);
    assert_eq!(run.records("Account").len(), 2_000);
    let logins = count(&requests(&org), "oauth2/token");
    assert!((4..8).contains(&logins), "{logins}");
}
