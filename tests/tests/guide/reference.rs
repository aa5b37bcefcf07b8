//! What is listed in the guide is all that the code has: calls of authors, measurements, versions.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use singer_test::check_table;

use crate::book::{Book, root};

/// The words that stand between two marks in a source file of `singer-tap` or `singer-protocol`.
fn words(file: &str, before: &str, after: &[&str]) -> Vec<String> {
    let source = fs::read_to_string(root().join("../../crates").join(file)).expect("a source");
    let rest = source.split(before).skip(1);
    let found = rest.filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
        after.iter().any(|after| rest[end..].starts_with(after)).then(|| rest[..end].to_owned())
    });
    found.collect()
}

#[test]
fn every_call_paginator_since_and_transform_is_in_the_authors_part() {
    let book = Book::read();
    let authors = book.pages.iter().filter(|(name, _)| name.starts_with("authors"));
    let told: String = authors.map(|(_, page)| page.text.as_str()).collect();
    let is_told = |word: &str| {
        told.split(word).skip(1).any(|rest| rest.starts_with(['`', '(', ' ']))
            && ["`", ".", "::"].iter().any(|before| told.contains(&format!("{before}{word}")))
    };
    let calls: Vec<String> = ["singer-tap/src/stream.rs", "singer-tap/src/stream/routes.rs"]
        .iter()
        .flat_map(|file| words(file, "    pub fn ", &["(mut self", "(self", "<"]))
        .collect();
    let paginators = words("singer-tap/src/pagination.rs", "impl Paginator for ", &[" "]);
    let transforms = words("singer-protocol/src/encoder/transform.rs", "\npub fn ", &["("]);
    let since = fs::read_to_string(root().join("../../crates/singer-tap/src/replication.rs"));
    let since = since.expect("a source");
    let (_, since) = since.split_once("pub enum Since {").expect("the forms of `Since`");
    let (since, _) = since.split_once("\n}").expect("they end");
    let forms = since.lines().filter_map(|line| line.strip_prefix("    "));
    let forms = forms.filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()));
    let forms = forms.filter_map(|line| line.split([',', '(', ' ']).next()).map(str::to_owned);
    for (words, least) in
        [(calls, 25), (paginators, 8), (transforms, 10), (forms.collect::<Vec<_>>(), 6)]
    {
        assert!(words.len() >= least, "{words:?}");
        let missing: Vec<&String> = words.iter().filter(|word| !is_told(word)).collect();
        assert!(missing.is_empty(), "not in docs/src/authors: {missing:?}");
    }
}

/// The first two cells of a row that goes on: a name and its type.
fn kind_of<'a>((name, rest): (&'a str, &'a str)) -> Option<(&'a str, &'a str)> {
    Some((name, rest.split_once(" |")?.0))
}

#[test]
fn every_measurement_its_type_and_its_tags_are_on_the_page_of_logs() {
    let lines = root().join("../../crates/singer-tap/src/metrics/lines.rs");
    let source = fs::read_to_string(lines).expect("a source");
    let code: String = source.split("#[cfg(test)]").next().unwrap_or_default().into();
    let is_name = |text: &&str| {
        !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_')
    };
    let in_code: BTreeSet<&str> = code.split('"').skip(1).step_by(2).filter(is_name).collect();
    let told = Book::read().pages[Path::new("logs.md")].text.clone();
    let (_, told) = told.split_once("## Measurements").expect("a section on measurements");

    let rows = told.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows: Vec<(&str, &str)> =
        rows.filter_map(|row| row.split_once("` | ")).filter_map(kind_of).collect();
    assert!(rows.len() > 10, "{rows:?}");
    let unspaced: String = code.split_whitespace().collect();
    for (metric, kind) in &rows {
        let is_line = |kind: &str| unspaced.contains(&format!("line(\"{kind}\",\"{metric}\""));
        let is_so = match *kind {
            "counter" => !is_line("timer") && !is_line("gauge"),
            kind => is_line(kind),
        };
        assert!(is_so, "`{metric}` is no {kind}");
    }
    // What stands between backticks, or between quotes in the example, and what the types are.
    let marked = told.split('`').skip(1).step_by(2).flat_map(|text| text.split('"'));
    let named: BTreeSet<&str> = marked.filter(is_name).collect();
    let kinds = rows.iter().map(|(_, kind)| *kind);
    let all: BTreeSet<&str> = named.iter().copied().chain(kinds).collect();
    assert_eq!(in_code.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new(), "not told");
    let of_logs = ["debug", "issues"];
    let made_up = all.difference(&in_code).filter(|name| !of_logs.contains(name));
    assert_eq!(made_up.collect::<Vec<_>>(), Vec::<&&str>::new(), "not in the code");
}

#[test]
fn the_versions_that_are_supported_are_those_that_are_tested() {
    let mut table = "| tested with | version |\n|---|---|\n".to_owned();
    let pins = root().join("../../tests/targets/requirements");
    let files = fs::read_dir(pins).expect("a folder of pinned versions");
    let files: BTreeSet<_> = files.map(|entry| entry.expect("an entry").path()).collect();
    for file in files {
        let program = match file.file_stem().and_then(|name| name.to_str()) {
            Some("airflow") => "apache-airflow",
            Some(name) if name == "meltano" || name.contains("target-") => name,
            _ => continue,
        };
        let text = fs::read_to_string(&file).expect("pinned versions");
        let start = format!("{program}==");
        let version = text.lines().find_map(|line| line.strip_prefix(&start));
        writeln!(table, "| `{program}` | {} |", version.expect("its own version")).expect("text");
    }
    assert!(table.lines().count() > 5, "{table}");
    check_table(&root().join("releases.md"), "targets", &table);

    let book = Book::read();
    for page in ["releases.md", "users/install.md"] {
        let told = &book.pages[Path::new(page)].text;
        assert!(told.contains(env!("CARGO_PKG_RUST_VERSION")), "{page}: another version of Rust");
    }
}

#[test]
fn the_wheels_that_are_named_have_the_version_of_the_workspace() {
    let readme = fs::read_to_string(root().join("../../README.md")).expect("a document");
    let pages = Book::read().pages.into_values().map(|page| page.text).chain([readme]);
    // The project of the example is among them: the page on Meltano includes it.
    let text: String = pages.collect();
    let wheels: Vec<&str> = text.split("singer_tap_github-").skip(1).collect();
    assert!(wheels.len() >= 6, "{wheels:?}");
    let version = concat!(env!("CARGO_PKG_VERSION"), "-py3-none-");
    for wheel in wheels {
        assert!(wheel.starts_with(version), "not {version}: {}", &wheel[..40]);
    }
}
