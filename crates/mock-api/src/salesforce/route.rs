//! Paths: the version of the API, and what is asked of it.

use super::id::Id;

/// The versions that are served.
const VERSIONS: std::ops::RangeInclusive<u32> = 41..=66;

/// A path under a version of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// Such as `v60.0`.
    pub(super) version: &'a str,
    /// Such as 60.
    pub(super) number: u32,
    /// What follows, without a slash at the end.
    pub(super) rest: Vec<&'a str>,
}

impl<'a> Place<'a> {
    /// Reads what follows `/services/data/`.
    pub(super) fn parse(path: &'a str) -> Option<Self> {
        let mut parts = path.strip_suffix('/').unwrap_or(path).split('/');
        let version = parts.next()?;
        let number = version.strip_prefix('v')?.strip_suffix(".0")?.parse().ok()?;
        VERSIONS.contains(&number).then(|| Self { version, number, rest: parts.collect() })
    }
}

/// The versions as `/services/data` lists them.
pub(super) fn versions() -> serde_json::Value {
    let versions = VERSIONS.map(|number| {
        serde_json::json!({
            "label": format!("Release {number}"),
            "url": format!("/services/data/v{number}.0"),
            "version": format!("{number}.0"),
        })
    });
    versions.collect()
}

/// The path with `{id}` for ids and cursors.
pub(super) fn pattern(path: &str) -> String {
    let is_id = |part: &str| {
        let id = part.split('-').next().unwrap_or(part);
        id.get(3..5) == Some("5e") && Id::place_of(id).is_some()
    };
    let named = path.split('/').map(|part| if is_id(part) { "{id}" } else { part });
    named.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_parts_are_read() {
        for (path, expected) in [
            ("v60.0/query", Some((60, vec!["query"]))),
            ("v41.0/", Some((41, vec![]))),
            ("v66.0/sobjects/A/deleted/", Some((66, vec!["sobjects", "A", "deleted"]))),
            ("v60.0/jobs/query//x", Some((60, vec!["jobs", "query", "", "x"]))),
            ("v40.0/query", None),
            ("v67.0", None),
            ("60.0/query", None),
            ("v60/query", None),
        ] {
            let place = Place::parse(path).map(|place| (place.number, place.rest));
            assert_eq!(place, expected, "{path}");
        }
    }

    #[test]
    fn ids_have_no_name_in_patterns() {
        let id = Id { prefix: *b"01g", number: 3 }.text();
        let data = "/services/data/v60.0";
        for (path, expected) in [
            (format!("{data}/query/{id}-2000"), format!("{data}/query/{{id}}")),
            (
                format!("{data}/jobs/query/{id}/results"),
                format!("{data}/jobs/query/{{id}}/results"),
            ),
            (
                format!("{data}/sobjects/Account/describe"),
                format!("{data}/sobjects/Account/describe"),
            ),
        ] {
            assert_eq!(pattern(&path), expected);
        }
    }
}
