//! Which streams a run may read, before they are known.

use singer_protocol::{Catalog, Selection};

use crate::select;

/// Which streams a run may read, for a tap that has to ask its API for each of them.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The streams that a catalog or a state names; none: all.
    named: Option<Vec<String>>,
    patterns: Vec<String>,
    /// Nobody selects anything.
    is_by_default: bool,
}

impl Wanted {
    /// Every stream.
    pub fn all() -> Wanted {
        Wanted::default()
    }

    /// These streams.
    pub fn named(names: impl IntoIterator<Item = String>) -> Wanted {
        Wanted { named: Some(names.into_iter().collect()), ..Wanted::default() }
    }

    /// The streams that are selected in a catalog, if there is one, or by patterns.
    pub(crate) fn of(catalog: Option<&Catalog>, patterns: &[String]) -> Wanted {
        let is_selected =
            |entry: &&_| !patterns.is_empty() || Selection::of(entry).stream_selected();
        let named = catalog.map(|catalog| {
            let entries = catalog.streams().iter().filter(is_selected);
            entries.map(|entry| entry.tap_stream_id().to_owned()).collect()
        });
        let is_by_default = named.is_none() && patterns.is_empty();
        Wanted { named, patterns: patterns.to_vec(), is_by_default }
    }

    /// Whether a run reads the streams that are selected by default, since nobody selects any.
    pub fn is_by_default(&self) -> bool {
        self.is_by_default
    }

    /// Whether the stream of this name has to be there.
    pub fn has(&self, stream: &str) -> bool {
        let is_named =
            self.named.as_ref().is_none_or(|named| named.iter().any(|name| name == stream));
        is_named && select::may_select(&self.patterns, stream)
    }

    /// The names of all of them, where no pattern leaves them open.
    pub fn names(&self) -> Option<Vec<String>> {
        let of_patterns = || select::selected_names(&self.patterns);
        let mut names = self.named.clone().or_else(of_patterns)?;
        names.retain(|name| self.has(name));
        names.sort();
        names.dedup();
        Some(names)
    }

    /// Whether that is said of every stream.
    pub fn is_all(&self) -> bool {
        self.named.is_none() && !self.patterns.iter().any(|pattern| !pattern.starts_with('!'))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(catalog: Option<&[(&str, bool)]>, patterns: &[&str], expected: &[&str]) {
        let entry = |(name, selected): &(&str, bool)| {
            json!({"tap_stream_id": name, "schema": {"type": "object"},
                "metadata": [{"breadcrumb": [], "metadata": {"selected": selected}}]})
        };
        let catalog = catalog.map(|entries| {
            let entries: Vec<_> = entries.iter().map(entry).collect();
            Catalog::from_json(json!({"streams": entries})).expect("a catalog")
        });
        let patterns: Vec<String> = patterns.iter().map(|one| (*one).to_owned()).collect();
        let wanted = Wanted::of(catalog.as_ref(), &patterns);
        let found: Vec<_> =
            ["Account", "Contact", "Case"].into_iter().filter(|name| wanted.has(name)).collect();
        assert_eq!(found, expected, "{patterns:?}");
        assert_eq!(wanted.is_all(), expected.len() == 3, "{patterns:?}");
        let is_named = patterns.iter().any(|it| it == "Case");
        let is_open = catalog.is_none() && !is_named;
        let mut names: Vec<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        assert_eq!(wanted.names(), (!is_open).then_some(names), "{patterns:?}");
    }

    #[test]
    fn only_what_may_be_selected_is_wanted() {
        let all = &["Account", "Contact", "Case"];
        check(None, &[], all);
        check(None, &["!Case"], all);
        check(None, &["C*.Id", "!Case.Name"], &["Contact", "Case"]);
        check(None, &["Case", "Case"], &["Case"]);
        check(Some(&[("Account", true), ("Case", false)]), &[], &["Account"]);
        check(Some(&[("Account", true), ("Case", false)]), &["Ca*"], &["Case"]);
    }

    #[test]
    fn streams_may_be_named() {
        let wanted = Wanted::named(["Case".to_owned()]);
        assert!(wanted.has("Case") && !wanted.has("Account") && !wanted.is_all());
        assert!(Wanted::all().has("Account") && !Wanted::all().is_by_default());
        assert!(Wanted::of(None, &[]).is_by_default());
    }
}
