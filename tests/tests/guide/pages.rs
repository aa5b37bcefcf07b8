//! What the pages refer to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::book::{Book, Page, root};

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

#[test]
fn every_page_is_in_the_summary_and_every_include_resolves() {
    // Reading the book resolves the includes.
    let book = Book::read();
    let summary = &book.pages[Path::new("SUMMARY.md")];
    let listed: BTreeSet<PathBuf> = summary.links().into_iter().map(PathBuf::from).collect();
    let there: BTreeSet<PathBuf> =
        book.pages.keys().filter(|page| !page.ends_with("SUMMARY.md")).cloned().collect();
    assert!(there.len() > 15, "{there:?}");
    assert_eq!(listed, there);
}

#[test]
fn every_link_leads_to_a_page_and_a_heading_that_are_there() {
    let book = Book::read();
    let mut links = 0;
    for (name, page) in &book.pages {
        for link in page.links().iter().filter(|link| !link.starts_with("https://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = name.parent().expect("a page has a folder");
            let target = if file.is_empty() { name.clone() } else { plain(&folder.join(file)) };
            let target = book.pages.get(&target);
            let target = target.unwrap_or_else(|| panic!("{}: `{link}`", name.display()));
            let is_there = heading.is_empty() || target.anchors().contains(heading);
            assert!(is_there, "{}: `{link}`", name.display());
            links += 1;
        }
    }
    assert!(links > 30, "{links}");
}

#[test]
fn every_link_of_the_documents_beside_the_book_leads_to_a_file() {
    let top = root().join("../..");
    let taps = ["github", "stripe", "salesforce"].map(|tap| format!("taps/tap-{tap}/README.md"));
    let mut documents: Vec<PathBuf> = taps.iter().map(|readme| top.join(readme)).collect();
    documents.push(top.join("benches/README.md"));
    documents.push(top.join("docs/examples/airflow/README.md"));
    documents.push(top.join("docs/examples/meltano/README.md"));
    for folder in [top.clone(), top.join("docs"), top.join("docs/decisions")] {
        let entries = fs::read_dir(folder).expect("a folder of documents");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        documents.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    assert!(documents.len() > 10, "{documents:?}");
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document can be read");
        let page = Page { source: String::new(), text };
        let folder = document.parent().expect("a document has a folder");
        for link in page.links().iter().filter(|link| !link.starts_with("http")) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(folder.join(file).exists(), "{}: `{link}`", document.display());
        }
    }
}

#[test]
fn every_message_id_that_is_named_is_one_that_there_is() {
    let book = Book::read();
    let known: BTreeSet<&str> = book.pages[Path::new("messages.md")].ids().collect();
    let is_id = |word: &str| {
        let letters = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        (2..=6).contains(&letters.len())
            && word.len() == letters.len() + 2
            && letters.bytes().all(|letter| letter.is_ascii_uppercase())
    };
    for (name, page) in &book.pages {
        for id in page.text.split(['`', '[', ']']).filter(|word| is_id(word)) {
            assert!(known.contains(id), "{}: `{id}`", name.display());
        }
    }
}

#[test]
fn the_exit_codes_that_are_explained_are_all_there_are() {
    let book = Book::read();
    let codes = |page: &str, is_row: fn(&str) -> bool| -> BTreeSet<u8> {
        let rows =
            book.pages[Path::new(page)].text.lines().filter_map(|line| line.strip_prefix("| "));
        let cells = rows.filter_map(|row| row.split_once(" |")).map(|(cell, _)| cell);
        cells
            .filter(|cell| is_row(cell))
            .flat_map(|cell| cell.split(", "))
            .flat_map(str::parse)
            .collect()
    };
    let is_number = |cell: &str| cell.starts_with(|letter: char| letter.is_ascii_digit());
    assert_eq!(codes("users/scheduling.md", is_number), codes("messages.md", is_number));
}

#[test]
fn each_exit_code_has_a_section_on_what_to_do() {
    let book = Book::read();
    let rows = book.pages[Path::new("messages.md")].text.lines();
    let rows = rows.filter_map(|line| line.strip_prefix("| ")).filter_map(|row| {
        let (code, rest) = row.split_once(" | ")?;
        let (name, _) = rest.split_once(" | ")?;
        code.parse::<u8>().is_ok().then(|| format!("{code}: {name}"))
    });
    let sections = book.pages[Path::new("users/troubleshooting.md")].text.lines();
    let sections: Vec<&str> =
        sections.filter_map(|line| line.strip_prefix("### Exit code ")).collect();
    assert!(sections.len() > 10, "{sections:?}");
    assert_eq!(sections, rows.collect::<Vec<_>>());
}
