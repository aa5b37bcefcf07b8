//! Everything that an author can say is in the guide.

use std::fs;

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
