//! Deployments and how they went.

use crate::check_served;

#[test]
fn deployments() {
    check_served("deployments");
}

#[test]
fn deployment_statuses() {
    check_served("deployment_statuses");
}
