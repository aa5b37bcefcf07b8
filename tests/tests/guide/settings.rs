//! The settings that every tap has.

use std::process::Command;

use singer_tap_tests::binary;
use singer_test::check_table;

use crate::book::root;

/// The table that the example tap shows, less its own settings.
fn table() -> String {
    let about = Command::new(binary::path("tap-shop"))
        .args(["--about", "--format", "markdown"])
        .output()
        .expect("the tap can be started");
    let about = String::from_utf8(about.stdout).expect("text");
    let is_own =
        |line: &str| line.starts_with("| `api_key`") || line.starts_with("| `api_url_base`");
    let rows = about.lines().skip_while(|line| !line.starts_with("| setting"));
    let rows = rows.take_while(|line| line.starts_with('|')).filter(|line| !is_own(line));
    rows.map(|row| format!("{row}\n")).collect()
}

#[test]
fn the_table_is_that_of_the_code() {
    let made = table();
    assert!(made.lines().count() > 10, "{made}");
    check_table(&root().join("users/configuration.md"), "settings", &made);
}
