//! Patterns of full names: `owner/name`, where `*` stands for any letters.

/// A pattern of an owner and one of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    owner: String,
    name: String,
}

impl Pattern {
    /// Reads `owner/name`, each of which may have stars.
    pub(super) fn read(text: &str) -> Option<Pattern> {
        let (owner, name) = text.split_once('/')?;
        let is_part = |part: &str| is_plain(&part.replace('*', "x"));
        let pattern = Pattern { owner: owner.to_owned(), name: name.to_owned() };
        (is_part(owner) && is_part(name)).then_some(pattern)
    }

    /// All repositories of an owner.
    pub(super) fn all_of(owner: &str) -> Pattern {
        Pattern { owner: owner.to_owned(), name: "*".to_owned() }
    }

    pub(super) fn parts(&self) -> (&str, &str) {
        (&self.owner, &self.name)
    }

    /// The owner, if there is only one.
    pub(super) fn owner_alone(&self) -> Option<&str> {
        Some(self.owner.as_str()).filter(|owner| !owner.contains('*'))
    }

    /// Whether it is the name of one repository.
    pub(super) fn names_one(&self) -> bool {
        !self.owner.contains('*') && !self.name.contains('*')
    }

    pub(super) fn matches(&self, owner: &str, name: &str) -> bool {
        is_like(owner, &self.owner) && is_like(name, &self.name)
    }

    pub(super) fn holds_all_of(&self, owner: &str) -> bool {
        self.name == "*" && is_like(owner, &self.owner)
    }
}

/// Whether a text can be a login, or the name of a repository.
pub(super) fn is_plain(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !matches!(text, "" | "." | "..") && text.chars().all(is_letter)
}

/// Whether a text is like a pattern; GitHub's names do not differ by case.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters_and_case_for_nothing() {
        let check = |pattern: &str, name: &str, expected: bool| {
            let (owner, name) = name.split_once('/').unwrap();
            let pattern = Pattern::read(pattern).unwrap();
            assert_eq!(pattern.matches(owner, name), expected, "{pattern:?} {name}");
        };
        check("acme/legacy-*", "acme/legacy-api", true);
        check("acme/legacy-*", "Acme/Legacy-", true);
        check("acme/legacy-*", "acme/new-legacy-api", false);
        check("acme/legacy-*", "octo/legacy-api", false);
        check("acme/*-old", "acme/very-old", true);
        check("acme/*-old", "acme/very-older", false);
        check("acme/a*b*c", "acme/abbc", true);
        check("acme/a*b*c", "acme/acb", false);
        check("acme/a*a", "acme/a", false);
        check("acme/*", "acme/x", true);
        check("*/sandbox", "octo/sandbox", true);
        check("ac*/x", "acme/x", true);
        check("acme/x", "acme/xy", false);
    }

    #[test]
    fn what_is_no_full_name_is_no_pattern() {
        for text in
            ["", "acme", "acme/", "/x", "a/b/c", "acme/..", "https://github.com/a/b", "a b/c"]
        {
            assert_eq!(Pattern::read(text), None, "{text}");
        }
    }
}
