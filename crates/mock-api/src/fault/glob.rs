//! Path patterns: `*` is one segment (or a part of one), `**` any number of segments.

/// Whether a path matches a pattern.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    segments(&pattern, &path)
}

fn segments(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skip| segments(rest, &path[skip..])),
        (Some((one, rest)), Some((segment, path))) => within(one, segment) && segments(rest, path),
        _ => false,
    }
}

fn within(pattern: &str, segment: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == segment,
        Some((before, after)) => segment.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| within(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_one_segment_and_two_are_any_number() {
        for (pattern, path, matched) in [
            ("/repositories/*/issues", "/repositories/12/issues", true),
            ("/repositories/*/issues", "/repositories/12/issues/comments", false),
            ("/repositories/*/issues", "/repositories/1/2/issues", false),
            ("**/issues", "/repos/acme/widgets/issues", true),
            ("**/issues", "/repositories/7/issues", true),
            ("**", "/anything/at/all", true),
            ("/repos/acme/w*s/**", "/repos/acme/widgets/issues/comments", true),
            ("/repos/acme/w*s/**", "/repos/acme/gadgets/issues", false),
        ] {
            assert_eq!(matches(pattern, path), matched, "{pattern} on {path}");
        }
    }
}
