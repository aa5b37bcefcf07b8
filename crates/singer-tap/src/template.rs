//! Path templates: `/repos/{org}/{repo}/issues`, filled from a partition's context.

use crate::error::Error;
use crate::partition::Partition;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Everything but RFC 3986's unreserved characters is escaped, so that a value stays one segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Replaces each `{name}` by the value of that name in the first partition's context, and each
/// `{name*}` by those of all partitions, joined by commas.
///
/// With `escape`, values are percent-encoded as one path segment; without, they are taken as they
/// are (query parameters are encoded when the URL is built).
///
/// # Errors
/// A name that the context does not hold, or whose value is no scalar; a brace that never closes;
/// a segment `.` or `..`, which would change the path.
pub(crate) fn fill(template: &str, batch: &[Partition], escape: bool) -> Result<String, Error> {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let close = rest[open..]
            .find('}')
            .map(|at| open + at)
            .ok_or_else(|| bad(template, "a `{` is not closed"))?;
        let name = &rest[open + 1..close];
        let (name, partitions) = match name.strip_suffix('*') {
            Some(name) => (name, batch),
            None => (name, &batch[..batch.len().min(1)]),
        };
        let values = partitions.iter().map(|partition| partition.context().get(name));
        let texts: Option<Vec<String>> = values.map(scalar_text).collect();
        let text = texts
            .filter(|texts| !texts.is_empty())
            .map(|texts| texts.join(","))
            .ok_or_else(|| bad(template, &format!("the partition has no value for `{name}`")))?;
        if escape {
            if matches!(text.as_str(), "." | ".." | "") {
                return Err(bad(
                    template,
                    &format!("`{name}` is {text:?}, which is no path segment"),
                ));
            }
            filled.extend(utf8_percent_encode(&text, SEGMENT));
        } else {
            filled.push_str(&text);
        }
        rest = &rest[close + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A scalar as the text that stands in a URL; `None` for null, lists and objects.
pub(crate) fn scalar_text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn bad(template: &str, rule: &str) -> Error {
    Error::Bug { what: format!("path template `{template}` cannot be filled ({rule})") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(template: &str, expected: Option<&str>) {
        let partition = |id| {
            Partition::named([
                ("org", json!("acme")),
                ("repo", json!("a/b c")),
                ("id", json!(id)),
                ("none", Value::Null),
                ("up", json!("..")),
            ])
        };
        let batch = [partition(7), partition(8)];
        assert_eq!(fill(template, &batch, true).ok().as_deref(), expected, "{template}");
    }

    #[test]
    fn a_template_takes_escaped_values_or_fails() {
        check("/orgs/{org}", Some("/orgs/acme"));
        check("/repos/{org}/{repo}/issues", Some("/repos/acme/a%2Fb%20c/issues"));
        check("/user/{id}", Some("/user/7"));
        check("/user/{id*}", Some("/user/7%2C8"));
        check("/x", Some("/x"));
        check("/{missing}", None);
        check("/{missing*}", None);
        check("/{none}", None);
        check("/{up}/x", None);
        check("/{org", None);
    }
}
