//! Whether the body of a success is a page.

use http::{HeaderMap, header};

use crate::kind::BodyFault;
use crate::text;

/// Cheap proofs that `body` is a whole JSON text; parsing it remains the last one.
pub(crate) fn json_fault(headers: &HeaderMap, body: &[u8]) -> Option<BodyFault> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let (Some(first), Some(last)) = (text.first(), text.last()) else {
        return Some(BodyFault::Empty);
    };
    let closed = match first {
        b'{' => *last == b'}',
        b'[' => *last == b']',
        b'"' => *last == b'"' && text.len() > 1,
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if !html(headers) => true,
        _ => return Some(BodyFault::NotJson(title(text))),
    };
    (!closed).then_some(BodyFault::Cut)
}

/// Whether `body` is a web page, such as a proxy's.
pub(crate) fn web_page(headers: &HeaderMap, body: &[u8]) -> Option<BodyFault> {
    html(headers).then(|| BodyFault::WebPage(title(body)))
}

fn html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    kind.to_ascii_lowercase().starts_with(b"text/html")
}

fn title(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    let lower = head.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title: Vec<_> = head[start..end].split_whitespace().collect();
    let title: String = title.join(" ").chars().take(80).collect();
    (!title.is_empty()).then(|| text::clean(&title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_must_begin_and_end_like_json() {
        let check = |body: &str, want: Option<BodyFault>| {
            assert_eq!(json_fault(&HeaderMap::new(), body.as_bytes()), want, "{body}");
        };
        check("{}", None);
        check(" [1, 2]\r\n", None);
        check("\u{feff}[]", None);
        check("null", None);
        check("-1", None);
        check("\"a\"", None);
        check("", Some(BodyFault::Empty));
        check(" \n\t", Some(BodyFault::Empty));
        check("\u{feff}", Some(BodyFault::Empty));
        check("{\"a\":1", Some(BodyFault::Cut));
        check("[{}", Some(BodyFault::Cut));
        check("[{\"a\":\"]", None);
        check("\"", Some(BodyFault::Cut));
        check("oops", Some(BodyFault::NotJson(None)));
        check("<html><p>", Some(BodyFault::NotJson(None)));
        check(
            "<TITLE lang=en>\n Log\u{1b} in </TITLE>",
            Some(BodyFault::NotJson(Some("Log\\u{1b} in".into()))),
        );
    }

    #[test]
    fn html_that_begins_like_a_json_scalar_is_told_by_its_type() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "Text/HTML; charset=utf-8".parse().unwrap());
        assert_eq!(json_fault(&headers, b"down for maintenance"), Some(BodyFault::NotJson(None)));
        assert_eq!(json_fault(&headers, b"not now"), Some(BodyFault::NotJson(None)));
        assert_eq!(json_fault(&headers, b"[]"), None);
    }
}
