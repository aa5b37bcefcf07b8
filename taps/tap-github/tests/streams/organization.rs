//! Organisations, their people and teams.

use crate::check_served;

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
