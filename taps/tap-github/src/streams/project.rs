//! Projects of organisations, their fields and items; only GraphQL has them, and the token needs the
//! scope `read:project`. The classic projects are gone from the API.

mod project_field_configurations;
mod project_items;
mod projects;

use serde_json::Error;
use singer_tap::Stream;

use crate::config::Config;

/// The streams of this area.
pub(super) fn streams(config: &Config) -> Vec<Stream> {
    let streams = [projects::stream, project_field_configurations::stream, project_items::stream];
    crate::graphql::only(config, streams)
}

/// A row with the numbers under `id` as the texts that they are in the schemas: GitHub has some ids as
/// a number and others, which may be too large for one, as a text.
fn with_ids(row: &str) -> Result<String, Error> {
    const NAME: &str = "\"id\"";
    let mut text = String::with_capacity(row.len() + 64);
    let mut rest = row;
    // Within a string the quotes would be escaped.
    while let Some(at) = rest.find(NAME) {
        let (head, tail) = rest.split_at(at + NAME.len());
        text.push_str(head);
        rest = tail;
        let value = tail.trim_start().strip_prefix(':').map(str::trim_start).unwrap_or_default();
        let digits = value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len());
        if digits > 0 {
            text.extend([":\"", &value[..digits], "\""]);
            rest = &value[digits..];
        }
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_under_id_become_texts() {
        for (row, expected) in [
            (r#"{"id":7,"a":{"id" : 81 }}"#, r#"{"id":"7","a":{"id":"81" }}"#),
            (r#"{"id":"7","number":7,"ids":[7]}"#, r#"{"id":"7","number":7,"ids":[7]}"#),
            (r#"{"id":null,"node_id":7}"#, r#"{"id":null,"node_id":7}"#),
            (r#"{"title":"\"id\":7"}"#, r#"{"title":"\"id\":7"}"#),
        ] {
            assert_eq!(with_ids(row).unwrap(), expected);
        }
    }
}
