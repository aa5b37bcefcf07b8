//! Walking over JSON text that is known to be valid, without a document in between.

use super::frame::tokens;

/// The value at a JSON pointer.
pub fn at<'a>(text: &'a str, pointer: &str) -> Option<&'a str> {
    tokens(pointer).try_fold(text.trim_ascii(), |value, token| match value.as_bytes().first() {
        Some(b'{') => member(value, &token),
        Some(b'[') => elements(value).nth(token.parse().ok()?),
        _ => None,
    })
}

/// The items of a list, each as its JSON text; of anything else none.
pub fn elements(list: &str) -> impl Iterator<Item = &str> {
    let bytes = if list.starts_with('[') { list.as_bytes() } else { b"[]" };
    let mut at = 1;
    std::iter::from_fn(move || {
        at = skip(bytes, at, b", \t\r\n");
        if bytes.get(at).is_none_or(|byte| *byte == b']') {
            return None;
        }
        let start = at;
        at = value_end(bytes, at);
        Some(&list[start..at])
    })
}

/// The member of an object with this name, the last if there are several; of anything else none.
///
/// Names are compared as written: one with an escape in it is not found.
pub fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let bytes = object.as_bytes();
    if !object.starts_with('{') {
        return None;
    }
    let mut found = None;
    let mut at = skip(bytes, 1, b", \t\r\n");
    while bytes.get(at) == Some(&b'"') {
        let end = string_end(bytes, at);
        let key = &object[at + 1..end - 1];
        let start = skip(bytes, end, b": \t\r\n");
        at = value_end(bytes, start);
        if key == name {
            found = Some(&object[start..at]);
        }
        at = skip(bytes, at, b", \t\r\n");
    }
    found
}

/// The items of a list that an object wraps, `{"object": "list", "data": [..], ..}`; any other value as
/// it is. Whether there are more is not looked at.
pub fn bare(value: &str) -> &str {
    if member(value, "object") != Some("\"list\"") {
        return value;
    }
    member(value, "data").filter(|data| data.starts_with('[')).unwrap_or(value)
}

/// The index after the string that begins at `at`.
pub fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn value_end(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = string_end(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn skip(bytes: &[u8], mut at: usize, passed: &[u8]) -> usize {
    while bytes.get(at).is_some_and(|byte| passed.contains(byte)) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_through_objects_and_lists() {
        let text = r#" {"a":[{"b":"x"},{"b":"]"}],"c":null} "#;
        for (pointer, expected) in [
            ("/a/1/b", Some(r#""]""#)),
            ("/a/2", None),
            ("/a/b", None),
            ("/c", Some("null")),
            ("/c/d", None),
        ] {
            assert_eq!(at(text, pointer), expected, "{pointer}");
        }
        assert_eq!(at(text, ""), Some(text.trim()));
    }

    #[test]
    fn elements_are_cut_at_their_commas_only() {
        for (list, expected) in [
            ("[]", vec![]),
            ("[ ]", vec![]),
            ("[1,2]", vec!["1", "2"]),
            ("[ 1 , -2.5e3\n]", vec!["1", "-2.5e3"]),
            (r#"["a,]\"","b"]"#, vec![r#""a,]\"""#, r#""b""#]),
            (r#"[{"a":[1,2]},[[],"]"],null]"#, vec![r#"{"a":[1,2]}"#, r#"[[],"]"]"#, "null"]),
        ] {
            assert_eq!(elements(list).collect::<Vec<_>>(), expected, "{list}");
        }
    }

    #[test]
    fn a_list_is_taken_out_of_the_object_around_it() {
        for (value, expected) in [
            (r#"{"object": "list", "data": [1, 2], "has_more": false}"#, "[1, 2]"),
            (r#"{"object":"list","data":{}}"#, r#"{"object":"list","data":{}}"#),
            (r#"{"object":"card","data":[1]}"#, r#"{"object":"card","data":[1]}"#),
            ("[1]", "[1]"),
            ("null", "null"),
        ] {
            assert_eq!(bare(value), expected, "{value}");
        }
    }

    #[test]
    fn the_last_member_of_a_name_is_found() {
        let object = r#"{ "b" : {"a":1} , "a":"x\"" ,"a" : [2] }"#;
        assert_eq!(member(object, "a"), Some("[2]"));
        assert_eq!(member(object, "b"), Some(r#"{"a":1}"#));
        assert_eq!(member(object, "c"), None);
        for other in ["{}", "\"\"", "", "[1]", "7"] {
            assert_eq!(member(other, "a"), None, "{other}");
        }
        for other in ["[]", "\"\"", "", "{}", "7"] {
            assert_eq!(elements(other).count(), 0, "{other}");
        }
    }
}
