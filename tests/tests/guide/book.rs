//! The pages of the book, as mdBook would show them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// All pages, by their paths below `docs/src`.
pub(crate) struct Book {
    pub(crate) pages: BTreeMap<PathBuf, Page>,
}

pub(crate) struct Page {
    /// As it is in the file.
    pub(crate) source: String,
    /// With everything that it includes.
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src")
}

impl Book {
    pub(crate) fn read() -> Book {
        let mut files = Vec::new();
        markdown(&root(), &mut files);
        let pages = files.into_iter().map(|file| {
            let source = fs::read_to_string(&file).expect("a page can be read");
            let text = expanded(&source, file.parent().expect("a page is in a folder"));
            let name = file.strip_prefix(root()).expect("pages are below the root").to_owned();
            (name, Page { source, text })
        });
        Book { pages: pages.collect() }
    }
}

impl Page {
    /// The targets of its links, outside of code.
    pub(crate) fn links(&self) -> Vec<String> {
        let prose = self.text.split("```").step_by(2);
        let targets = prose.flat_map(|text| text.split("](").skip(1));
        targets.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
    }

    /// What its headings can be linked by, and the ids that it gives.
    pub(crate) fn anchors(&self) -> BTreeSet<String> {
        let prose = self.text.split("```").step_by(2);
        let headings = prose.flat_map(str::lines).filter(|line| line.starts_with('#'));
        let slugs = headings.map(|heading| slug(heading.trim_start_matches('#').trim()));
        slugs.chain(self.ids().map(str::to_owned)).collect()
    }

    /// The ids that it gives by itself: `<a id="AUTH01"></a>`.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.text.split("<a id=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0))
    }

    /// The lines of its blocks of this language, as they are in the file.
    pub(crate) fn blocks(&self, language: &str) -> Vec<String> {
        let blocks = self.source.split("```").skip(1).step_by(2);
        let start = format!("{language}\n");
        let lines = blocks.filter_map(|block| block.strip_prefix(&start)).flat_map(str::lines);
        lines.map(str::to_owned).collect()
    }
}

/// The file and the anchor of an include, if the line is one.
pub(crate) fn include(line: &str) -> Option<(&str, Option<&str>)> {
    let inner = line.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?;
    Some(match inner.split_once(':') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (inner, None),
    })
}

fn expanded(source: &str, folder: &Path) -> String {
    let line = |line: &str| match include(line) {
        Some((file, anchor)) => {
            let path = folder.join(file);
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("`{line}`: {}: {error}", path.display()));
            match anchor {
                Some(anchor) => {
                    part(&text, anchor).unwrap_or_else(|| panic!("`{line}`: no such part"))
                }
                None => text,
            }
        }
        None => line.to_owned(),
    };
    source.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What stands between two anchors, which are comments of whatever language, without further ones.
fn part(text: &str, anchor: &str) -> Option<String> {
    let mark = |line: &str| {
        let line = line.trim_end().trim_end_matches("-->").trim_end();
        let (_, mark) = line.rsplit_once(" ANCHOR")?;
        (mark.starts_with(": ") || mark.starts_with("_END: ")).then(|| mark.to_owned())
    };
    let is = |line: &str, wanted: &str| mark(line).is_some_and(|mark| mark == wanted);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.iter().position(|line| is(line, &format!(": {anchor}")))?;
    let to = lines.iter().position(|line| is(line, &format!("_END: {anchor}")))?;
    let inner = lines.get(from + 1..to)?.iter().filter(|line| mark(line).is_none());
    let inner: Vec<&str> = inner.copied().collect();
    (!inner.is_empty()).then(|| inner.join("\n"))
}

fn markdown(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of pages") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            markdown(&path, found);
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
}

/// As mdBook makes the id of a heading.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}
