//! One event, as far as it is of interest.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use singer_protocol::scan;

/// An event of a page.
#[derive(Debug, Deserialize)]
pub(super) struct Event<'p> {
    #[serde(borrow)]
    pub(super) id: Cow<'p, str>,
    /// Seconds since 1970.
    pub(super) created: i64,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Cow<'p, str>,
    /// The version of the API in which the object was written; that of the account.
    #[serde(borrow)]
    pub(super) api_version: Option<Cow<'p, str>>,
    #[serde(borrow)]
    data: Data<'p>,
}

#[derive(Debug, Deserialize)]
struct Data<'p> {
    #[serde(borrow)]
    object: &'p RawValue,
}

impl Event<'_> {
    /// The text of the object.
    pub(super) fn object(&self) -> &str {
        self.data.object.get()
    }

    /// A text field of the object.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        serde_json::from_str(scan::member(self.object(), field)?).ok()
    }

    /// The texts at a path of the object: names joined by dots, `[]` behind one that is a list.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        let mut values = vec![self.object()];
        for step in path.split('.') {
            let name = step.trim_end_matches("[]");
            values = values.into_iter().filter_map(|value| scan::member(value, name)).collect();
            if name != step {
                values = values.into_iter().flat_map(scan::elements).collect();
            }
        }
        values.into_iter().filter_map(|value| serde_json::from_str(value).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_all_texts_that_are_there() {
        let object = r#"{"charge":"ch_1","none":null,"lines":{"data":[{"item":"a"},{"item":null},{},7,{"item":"b"}]}}"#;
        let text = format!(
            r#"{{"id":"e","created":1,"type":"t","api_version":null,"data":{{"object":{object}}}}}"#
        );
        let event: Event<'_> = serde_json::from_str(&text).unwrap();
        for (path, expected) in [
            ("charge", vec!["ch_1"]),
            ("lines.data[].item", vec!["a", "b"]),
            ("none", vec![]),
            ("charge[].x", vec![]),
            ("lines.more[].item", vec![]),
        ] {
            assert_eq!(event.texts(path), expected, "{path}");
        }
    }
}
