//! JSON pointers (RFC 6901), built while a document is walked.

use std::borrow::Cow;

/// `token` with the two characters escaped that a pointer reserves.
pub(crate) fn escape(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The pointer of the member or item `token` of what `parent` points at.
pub fn join(parent: &str, token: impl std::fmt::Display) -> String {
    format!("{parent}/{}", escape(&token.to_string()))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn reserved_characters_are_escaped() {
        assert_eq!(join("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(join("", 3), "/3");
        assert_eq!(serde_json::json!({"b/c~d": 1}).pointer(&join("", "b/c~d")).unwrap(), 1);
    }
}
