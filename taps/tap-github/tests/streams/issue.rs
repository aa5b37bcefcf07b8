//! Issues and what is said and done about them.

use crate::check_served;

#[test]
fn issues() {
    check_served("issues");
}

#[test]
fn labels() {
    check_served("labels");
}
