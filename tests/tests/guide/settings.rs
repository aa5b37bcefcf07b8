//! The settings that every tap has.

use std::fs;
use std::process::Command;

use singer_tap_tests::binary;

use crate::book::root;

const BEGIN: &str = "<!-- settings: made by the code, checked by a test -->\n";

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
    let path = root().join("users/configuration.md");
    let page = fs::read_to_string(&path).expect("the page can be read");
    let (head, rest) = page.split_once(BEGIN).expect("the table begins");
    let (told, tail) = rest.split_once("<!-- end -->").expect("the table ends");
    let made = table();
    assert!(made.lines().count() > 10, "{made}");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path, format!("{head}{BEGIN}{made}<!-- end -->{tail}"))
            .expect("it can be written");
    } else {
        assert_eq!(told, made, "run the tests with UPDATE_README=1");
    }
}
