//! Organisations, their people and teams.

use serde_json::json;
use singer_tap::Outcome;
use singer_test::Subject;
use tap_github::TapGithub;

use crate::{check_served, github, settings};

#[test]
fn organization_members() {
    check_served("organization_members");
}

#[test]
fn teams() {
    check_served("teams");
}

#[test]
fn team_members() {
    check_served("team_members");
}

#[test]
fn team_roles() {
    check_served("team_roles");
}

#[test]
fn audit_log() {
    check_served("audit_log");
}

#[test]
fn an_audit_log_that_is_not_to_be_had_is_never_taken_for_an_empty_one() {
    // Without the right GitHub may say 404, as it does to an organisation that has no such log.
    let github = github();
    let fault = json!({"match": {"path": "/orgs/*/audit-log"},
        "fault": {"kind": "status", "status": 404, "body": r#"{"message": "Not Found"}"#}});
    github.misbehave(&json!([fault])).expect("a valid script");
    let subject = Subject::new(settings(&github, &json!({"organizations": ["acme"]})));
    let messages = singer_test::read::<TapGithub>("audit_log", &subject, None);
    assert_ne!(messages.outcome(), Outcome::Ok, "{}", messages.log());
    assert!(messages.log().contains("[PERM03]"), "{}", messages.log());
}
