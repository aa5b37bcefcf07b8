//! Repositories and what they list of themselves.

use crate::check_served;

#[test]
fn repositories() {
    check_served("repositories");
}
