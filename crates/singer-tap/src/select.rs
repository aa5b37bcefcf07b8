//! `--select`: patterns over streams and fields, as Meltano writes them, applied to a catalog.

use singer_protocol::{Catalog, CatalogEntry, Inclusion};

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

/// The catalog with `patterns` applied in their order.
///
/// Once a pattern selects something, what no pattern selects is out; patterns that only deselect
/// take away from what the catalog says. Keys and other automatic fields stay whatever is said.
pub(crate) fn apply(catalog: &Catalog, patterns: &[String]) -> Catalog {
    let patterns: Vec<Pattern<'_>> = patterns.iter().map(|text| Pattern::parse(text)).collect();
    let starts_empty = patterns.iter().any(|pattern| pattern.select);
    let entries = catalog.streams().iter().map(|entry| {
        let entry = if starts_empty { deselect(entry.clone()) } else { entry.clone() };
        patterns.iter().fold(entry, apply_one)
    });
    Catalog::new(entries.collect())
}

/// Patterns that name no stream of the catalog: most likely a slip of the pen.
pub(crate) fn unmatched<'a>(catalog: &Catalog, patterns: &'a [String]) -> Vec<&'a str> {
    let is_unmatched = |text: &&'a String| {
        let pattern = Pattern::parse(text);
        !catalog.streams().iter().any(|entry| matches(pattern.stream, entry.tap_stream_id()))
    };
    patterns.iter().filter(is_unmatched).map(String::as_str).collect()
}

fn deselect(entry: CatalogEntry) -> CatalogEntry {
    paths(&entry).into_iter().fold(entry, |entry, path| set(entry, &path, false))
}

fn apply_one(entry: CatalogEntry, pattern: &Pattern<'_>) -> CatalogEntry {
    if !matches(pattern.stream, entry.tap_stream_id()) {
        return entry;
    }
    let mut entry = match pattern.field {
        // Taking fields away leaves the stream as it is.
        Some(_) if !pattern.select => entry,
        _ => set(entry, &[], pattern.select),
    };
    if pattern.field.is_none() && !pattern.select {
        return entry;
    }
    let wanted = pattern.field.unwrap_or("*");
    for path in paths(&entry) {
        if !path.is_empty() && matches(wanted, &dotted(&path)) {
            entry = set(entry, &path, pattern.select);
            // A nested field is only read when the objects around it are.
            for end in (2..path.len()).filter(|_| pattern.select) {
                if is_field(&path[..end]) {
                    entry = set(entry, &path[..end], true);
                }
            }
        }
    }
    entry
}

fn set(entry: CatalogEntry, path: &[String], selected: bool) -> CatalogEntry {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    entry.with_selected(&path, selected)
}

/// The breadcrumbs of an entry's metadata that a user may choose, the stream's own first.
fn paths(entry: &CatalogEntry) -> Vec<Vec<String>> {
    let mut paths = vec![Vec::new()];
    for (breadcrumb, metadata) in entry.metadata() {
        if !breadcrumb.is_empty() && metadata.inclusion() != Some(Inclusion::Automatic) {
            paths.push(breadcrumb.into_iter().map(str::to_owned).collect());
        }
    }
    paths
}

fn is_field(path: &[String]) -> bool {
    path.len() >= 2 && path[path.len() - 2] == "properties"
}

/// `["properties", "user", "properties", "login"]` → `user.login`.
fn dotted(path: &[String]) -> String {
    let mut names = Vec::new();
    let mut steps = path.iter();
    while let Some(step) = steps.next() {
        match step.as_str() {
            "properties" => names.extend(steps.next().map(String::as_str)),
            "items" => {}
            other => names.push(other),
        }
    }
    names.join(".")
}

/// Whether `text` matches a pattern in which `*` stands for any run of characters, dots included.
fn matches(pattern: &str, text: &str) -> bool {
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
    use singer_protocol::Selection;

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
        let catalog = apply(&catalog(), &patterns);
        let mut found = Vec::new();
        for entry in catalog.streams() {
            let selection = Selection::of(entry);
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
    fn a_pattern_without_a_stream_is_told() {
        let patterns = ["isues".to_owned(), "i*.id".to_owned()];
        assert_eq!(unmatched(&catalog(), &patterns), ["isues"]);
    }
}
