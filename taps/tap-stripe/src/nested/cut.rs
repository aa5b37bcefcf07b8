//! Where in a text lists are cut.

use std::ops::Range;

use memchr::memmem;
use singer_protocol::scan::string_end;

const FLAG: &[u8] = b"\"has_more\"";

/// A container that is open.
struct Open {
    start: usize,
    /// It says that there is more of it.
    has_more: bool,
}

/// The outermost objects within a record or a page that say that there is more of them. The text itself
/// is not one of them: paging goes on with it.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    if !memmem::find_iter(bytes, FLAG).any(|at| says_true(&bytes[at + FLAG.len()..])) {
        return Vec::new();
    }
    let (mut open, mut found) = (Vec::<Open>::new(), Vec::<Range<usize>>::new());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let end = string_end(bytes, at);
                if &bytes[at..end] == FLAG
                    && says_true(&bytes[end..])
                    && let Some(last) = open.last_mut()
                {
                    last.has_more = true;
                }
                at = end;
                continue;
            }
            b'{' | b'[' => open.push(Open { start: at, has_more: false }),
            b'}' | b']' => {
                if let Some(Open { start, has_more: true }) = open.pop()
                    && !open.is_empty()
                {
                    // What is within it is read with it.
                    found.retain(|inner| inner.start < start);
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Whether a page may have one: its own flag stands behind all records.
pub(super) fn may_have(bytes: &[u8]) -> bool {
    let Some(last) = memchr::memrchr(b']', bytes) else { return false };
    memmem::find_iter(&bytes[..last], FLAG).any(|at| says_true(&bytes[at + FLAG.len()..]))
}

/// Whether a name has the value `true`.
fn says_true(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii_start();
    rest.strip_prefix(b":").is_some_and(|value| value.trim_ascii_start().starts_with(b"true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lists_that_go_on_are_found_at_any_depth_and_the_page_is_none_of_them() {
        let cut = |data: &str| format!(r#"{{"data":{data},"has_more" : true,"url":"/v1/x"}}"#);
        let whole = r#"{"data":[1],"has_more":false}"#;
        let page =
            |records: &str| format!(r#"{{"object":"list","data":[{records}],"has_more":true}}"#);
        check(&page(r#"{"id":1}"#), &[]);
        check(&page(&format!(r#"{{"lines":{whole}}}"#)), &[]);
        let (a, b) = (cut("[1]"), cut("[2]"));
        check(
            &page(&format!(r#"{{"lines":{a}}},{{"lines":{whole}}},{{"deep":[{{"x":{b}}}]}}"#)),
            &[&a, &b],
        );
        check(&format!(r#"{{"lines":{a},"items":{whole}}}"#), &[&a]);
        check(&format!(r#"{{"id":1,"lines":{a}}}"#), &[&a]);
        let outer = cut(&format!(r#"[{{"items":{a}}},{{"items":{b}}}]"#));
        check(&page(&format!(r#"{{"first":{b},"subscriptions":{outer}}}"#)), &[&b, &outer]);
    }

    #[test]
    fn a_page_without_such_lists_is_not_looked_at_closely() {
        let page = |lines: &str| {
            format!(r#"{{"data":[{{"lines":{{"data":[],"has_more":{lines}}}}}],"has_more":true}}"#)
        };
        assert!(may_have(page("true").as_bytes()));
        assert!(!may_have(page("false").as_bytes()));
        assert!(!may_have(b"{}"));
    }

    #[test]
    fn what_only_looks_like_a_flag_is_none() {
        check(r#"{"note":"\"has_more\": true ]", "lines":{"data":[],"has_more":false}}"#, &[]);
        check(r#"{"metadata":{"has_more":"true"},"x":[]}"#, &[]);
        check(r#"[{"a":"has_more","b":true}]"#, &[]);
        // A text that is cut short leads nowhere.
        check(r#"{"data":[{"lines":{"has_more":true,"x":["#, &[]);
        check(r#"["has_more": true ]]]}"#, &[]);
        check(r#""has_more": true ]"#, &[]);
    }
}
