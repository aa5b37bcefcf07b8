//! `--select`: patterns over streams and fields, as Meltano writes them, applied to a catalog.

use std::collections::HashMap;

use singer_protocol::{CatalogEntry, Inclusion};

/// Whether patterns leave room for a stream: none selects anything, or one selects something of it.
pub(crate) fn may_select(patterns: &[String], stream: &str) -> bool {
    let mut selecting = patterns.iter().map(|text| Pattern::parse(text)).filter(|it| it.select);
    match selecting.next() {
        None => true,
        Some(first) => std::iter::once(first).chain(selecting).any(|it| matches(it.stream, stream)),
    }
}

/// The streams of which patterns select something, if they name each.
pub(crate) fn selected_names(patterns: &[String]) -> Option<Vec<String>> {
    let mut selecting =
        patterns.iter().map(|text| Pattern::parse(text)).filter(|it| it.select).peekable();
    selecting.peek()?;
    selecting.map(|it| (!it.stream.contains('*')).then(|| it.stream.to_owned())).collect()
}

/// One pattern: `issues`, `issues.title`, `*.id`, and with `!` in front the opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern<'a> {
    select: bool,
    stream: &'a str,
    field: Option<&'a str>,
}

impl Pattern<'_> {
    fn parse(text: &str) -> Pattern<'_> {
        let (select, text) = match text.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, text),
        };
        match text.split_once('.') {
            Some((stream, field)) => Pattern { select, stream, field: Some(field) },
            None => Pattern { select, stream: text, field: None },
        }
    }
}

/// Applies patterns in their order, stream by stream.
///
/// Once a pattern selects something, what no pattern selects is out; patterns that only deselect
/// take away from what the catalog says. Keys and other automatic fields stay whatever is said.
pub(crate) struct Selector<'p> {
    patterns: Vec<Pattern<'p>>,
    /// Whether each of them matched anything.
    matched: Vec<bool>,
    texts: &'p [String],
}

impl<'p> Selector<'p> {
    pub(crate) fn new(texts: &'p [String]) -> Selector<'p> {
        let patterns: Vec<_> = texts.iter().map(|text| Pattern::parse(text)).collect();
        Selector { matched: vec![false; patterns.len()], patterns, texts }
    }

    /// The entry of a stream with the patterns applied.
    pub(crate) fn apply(&mut self, entry: &CatalogEntry) -> CatalogEntry {
        let mut choice = Choice::of(entry);
        if self.patterns.iter().any(|pattern| pattern.select) {
            choice.selected.fill(Some(false));
        }
        for (pattern, matched) in self.patterns.iter().zip(&mut self.matched) {
            if matches(pattern.stream, entry.tap_stream_id()) {
                *matched |= pattern.field.is_none_or(|field| {
                    let mut fields = entry.metadata().filter(|(path, _)| !path.is_empty());
                    fields.any(|(path, _)| matches(field, &dotted(&path)))
                });
                choice.apply(pattern);
            }
        }
        entry
            .clone()
            .with_selection(&|breadcrumb| choice.selected[*choice.by_path.get(breadcrumb)?])
    }

    /// The patterns that matched nothing: most likely a slip of the pen.
    pub(crate) fn unmatched(&self) -> impl Iterator<Item = &'p str> {
        let unmatched = self.texts.iter().zip(&self.matched).filter(|(_, matched)| !**matched);
        unmatched.map(|(text, _)| text.as_str())
    }
}

/// What patterns say of each breadcrumb of an entry.
struct Choice<'a> {
    /// Breadcrumbs that a user may choose, the stream's own first, with their dotted names.
    paths: Vec<(Vec<&'a str>, String)>,
    by_path: HashMap<Vec<&'a str>, usize>,
    selected: Vec<Option<bool>>,
}

impl<'a> Choice<'a> {
    fn of(entry: &'a CatalogEntry) -> Choice<'a> {
        let mut paths = vec![(Vec::new(), String::new())];
        for (breadcrumb, metadata) in entry.metadata() {
            if !breadcrumb.is_empty() && metadata.inclusion() != Some(Inclusion::Automatic) {
                let name = dotted(&breadcrumb);
                paths.push((breadcrumb, name));
            }
        }
        let by_path = paths.iter().enumerate().map(|(at, (path, _))| (path.clone(), at)).collect();
        Choice { selected: vec![None; paths.len()], paths, by_path }
    }

    fn apply(&mut self, pattern: &Pattern<'_>) {
        // Taking fields away leaves the stream as it is, and taking the stream away its fields.
        if pattern.select || pattern.field.is_none() {
            self.selected[0] = Some(pattern.select);
        }
        if pattern.field.is_none() && !pattern.select {
            return;
        }
        let wanted = pattern.field.unwrap_or("*");
        for at in 1..self.paths.len() {
            if matches(wanted, &self.paths[at].1) {
                self.selected[at] = Some(pattern.select);
                if pattern.select {
                    self.select_around(at);
                }
            }
        }
    }

    /// A nested field is only read when the objects around it are.
    fn select_around(&mut self, at: usize) {
        for end in 2..self.paths[at].0.len() {
            if let Some(around) = self.by_path.get(&self.paths[at].0[..end]) {
                self.selected[*around] = Some(true);
            }
        }
    }
}

/// `["properties", "user", "properties", "login"]` → `user.login`.
fn dotted(path: &[&str]) -> String {
    let mut names = Vec::new();
    let mut steps = path.iter();
    while let Some(step) = steps.next() {
        match *step {
            "properties" => names.extend(steps.next().copied()),
            "items" => {}
            step => names.push(step),
        }
    }
    names.join(".")
}

/// Whether `text` matches a pattern in which `*` stands for any run of characters, dots included.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| matches(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use singer_protocol::{Catalog, Selection};

    use super::*;

    fn catalog() -> Catalog {
        let field = |path: &[&str], inclusion: &str| json!({"breadcrumb": path, "metadata": {"inclusion": inclusion}});
        let stream = |name: &str| {
            json!({"tap_stream_id": name, "stream": name, "schema": {}, "metadata": [
                {"breadcrumb": [], "metadata": {"inclusion": "available", "selected-by-default": true}},
                field(&["properties", "id"], "automatic"),
                field(&["properties", "title"], "available"),
                field(&["properties", "user"], "available"),
                field(&["properties", "user", "properties", "login"], "available"),
                field(&["properties", "user", "properties", "url"], "available"),
            ]})
        };
        Catalog::from_json(json!({"streams": [stream("issues"), stream("pulls")]}))
            .expect("a catalog")
    }

    fn check(patterns: &[&str], expected: &[&str]) {
        let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
        let mut selector = Selector::new(&patterns);
        let mut found = Vec::new();
        for entry in catalog().streams() {
            let selection = Selection::of(&selector.apply(entry));
            for path in [
                vec!["id"],
                vec!["title"],
                vec!["user"],
                vec!["user", "login"],
                vec!["user", "url"],
            ] {
                if selection.field(&path) {
                    found.push(format!("{}.{}", entry.stream(), path.join(".")));
                }
            }
        }
        assert_eq!(found, expected, "{patterns:?}");
    }

    #[test]
    fn a_stream_brings_all_its_fields_and_leaves_the_others_out() {
        check(
            &["pulls"],
            &["pulls.id", "pulls.title", "pulls.user", "pulls.user.login", "pulls.user.url"],
        );
        check(&["pulls.*", "!pulls.user"], &["pulls.id", "pulls.title"]);
    }

    #[test]
    fn a_field_brings_the_keys_and_the_objects_around_it() {
        check(&["issues.title"], &["issues.id", "issues.title"]);
        check(&["issues.user.login"], &["issues.id", "issues.user", "issues.user.login"]);
        check(&["*.title"], &["issues.id", "issues.title", "pulls.id", "pulls.title"]);
    }

    #[test]
    fn taking_away_leaves_the_rest_as_it_is() {
        check(&["!pulls", "!issues.user", "!issues.id"], &["issues.id", "issues.title"]);
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_told() {
        let patterns = ["isues", "i*.id", "issues.titel", "!pulls.*"].map(str::to_owned);
        let mut selector = Selector::new(&patterns);
        catalog().streams().iter().for_each(|entry| drop(selector.apply(entry)));
        assert_eq!(selector.unmatched().collect::<Vec<_>>(), ["isues", "issues.titel"]);
    }
}
