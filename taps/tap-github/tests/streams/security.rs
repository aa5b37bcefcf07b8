//! What GitHub finds in code, dependencies and commits.

use serde_json::json;
use singer_tap::Outcome;
use singer_test::Subject;
use tap_github::TapGithub;

use crate::{check_served, github, settings};

#[test]
fn code_scanning_alerts() {
    check_served("code_scanning_alerts");
}

#[test]
fn dependabot_alerts() {
    check_served("dependabot_alerts");
}

#[test]
fn secret_scanning_alerts() {
    check_served("secret_scanning_alerts");
}

#[test]
fn a_feature_that_is_off_is_told_and_a_missing_permission_is_a_failure() {
    let check = |status: u16, words: &str, outcome: Outcome, id: &str| {
        let github = github();
        let body = json!({"message": words}).to_string();
        let fault = json!({"match": {"path": "/repos/*/*/dependabot/alerts"},
            "fault": {"kind": "status", "status": status, "body": body}});
        github.misbehave(&json!([fault])).expect("a valid script");
        let subject = Subject::new(settings(&github, &json!({"repositories": ["acme/widgets"]})));
        let messages = singer_test::read::<TapGithub>("dependabot_alerts", &subject, None);
        assert_eq!(messages.outcome(), outcome, "{words}");
        assert!(messages.log().contains(id), "{}", messages.log());
    };
    check(403, "Dependabot alerts are disabled for this repository.", Outcome::Ok, "PERM05");
    check(404, "Not Found", Outcome::Ok, "PERM05");
    let forbidden = "Resource not accessible by personal access token";
    check(403, forbidden, Outcome::Partial, "PERM01");
}
