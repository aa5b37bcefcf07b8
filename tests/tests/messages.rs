//! `docs/messages.md` lists the messages and exit codes that there are, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use singer_tap_tests::Tap;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/messages.md")).expect("the page can be read")
}

/// The first cells of the rows of the page's tables, without what links lead to.
fn first_cells(page: &str) -> Vec<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| Some(row.split_once(" |")?.0));
    cells.map(|cell| cell.rsplit('>').next().unwrap_or(cell).trim_matches('`').to_owned()).collect()
}

/// Whether a text is a message id: two to six capitals and two digits.
fn is_id(text: &str) -> bool {
    let letters = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (2..=6).contains(&letters.len())
        && text.len() == letters.len() + 2
        && letters.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// The ids that stand in quotes or brackets in a source file, tests left out.
fn ids(source: &str) -> impl Iterator<Item = String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    code.split(['"', '[', ']']).filter(|text| is_id(text)).map(str::to_owned)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_message_id_of_the_code_is_explained_and_no_other() {
    let mut files = Vec::new();
    for krate in ["singer-http", "singer-tap", "singer-protocol"] {
        sources(&root().join("crates").join(krate).join("src"), &mut files);
    }
    for tap in ["tap-github", "tap-stripe", "tap-salesforce"] {
        sources(&root().join("taps").join(tap).join("src"), &mut files);
    }
    let in_code: BTreeSet<String> = files
        .iter()
        .flat_map(|file| ids(&fs::read_to_string(file).expect("a source")).collect::<Vec<_>>())
        .collect();
    let told: BTreeSet<String> =
        first_cells(&page()).into_iter().filter(|cell| is_id(cell)).collect();
    assert!(in_code.len() > 40, "{in_code:?}");
    assert_eq!(in_code, told);
    for id in told {
        let row = format!("| <a id=\"{id}\"></a>`{id}` |");
        assert!(page().contains(&row), "links to `{id}` need a row that begins `{row}`");
    }
}

#[test]
fn the_order_of_the_exit_codes_is_that_of_the_code() {
    let source = root().join("crates/singer-tap/src/outcome.rs");
    let source = fs::read_to_string(source).expect("a source");
    let codes: BTreeMap<&str, &str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.strip_suffix(',')?.split_once(" = "))
        .collect();
    let (_, order) = source.split_once("PRECEDENCE: [").expect("the order");
    let (order, _) = order.split_once("];").expect("its end");
    let order = order.lines().filter_map(|line| line.trim().strip_prefix("Outcome::"));
    let order: Vec<&str> = order.map(|name| codes[name.trim_end_matches(',')]).collect();
    assert!(order.len() > 10, "{order:?}");
    let page = page();
    let (_, told) = page.split_once("the order is ").expect("the page tells the order");
    let (told, _) = told.split_once('.').expect("the sentence ends");
    let told: Vec<&str> = told.split(", ").chain(["0"]).collect();
    assert_eq!(told, order);
}

#[test]
fn the_exit_codes_are_those_that_help_tells() {
    let help = Tap::bare().args("--help").run().ends_with(0);
    let help = help.text();
    let (_, codes) = help.split_once("Exit codes:\n").expect("help tells the exit codes");
    let codes: Vec<&str> =
        codes.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let told = first_cells(&page());
    let told: Vec<&str> =
        told.iter().map(String::as_str).filter(|cell| cell.parse::<u8>().is_ok()).collect();
    assert_eq!(codes, told);
}
