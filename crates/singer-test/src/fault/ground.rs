//! What faults are made of: the honest pages of the stream that they happen to.

use serde_json::Value;
use singer_http::Rules;

/// The last page of an honest run, and what the tap knows of its API.
pub struct Ground {
    /// How the API speaks of limits and refusals.
    pub rules: Rules,
    /// How many requests an honest run makes.
    pub requests: usize,
    /// The last page.
    pub page: Value,
    /// Where its records are, as a JSON pointer.
    pub records: String,
    /// The stream's key.
    pub key: Option<String>,
    /// The stream's replication key.
    pub cursor: Option<String>,
    /// Whether the API tells the next page by a link in a header.
    pub is_linked: bool,
}

impl Ground {
    /// Before anything is known.
    pub(super) fn nothing() -> Ground {
        Ground {
            rules: Rules::PLAIN,
            requests: 0,
            page: Value::Null,
            records: String::new(),
            key: None,
            cursor: None,
            is_linked: false,
        }
    }

    /// The JSON pointer of a field of the first record of the page.
    pub fn field(&self, name: &str) -> String {
        format!("{}/0/{name}", self.records)
    }

    /// The pointer of the first record's key, if the API calls it as the stream does.
    pub fn key(&self) -> Option<String> {
        self.known(self.key.as_deref()?)
    }

    /// The pointer of the first record's replication key, if the API calls it so.
    pub fn cursor(&self) -> Option<String> {
        self.known(self.cursor.as_deref()?)
    }

    /// The pointer and the name of a text in the first record that is no key.
    pub fn text(&self) -> Option<(String, String)> {
        let record = self.page.pointer(&format!("{}/0", self.records))?.as_object()?;
        let is_plain =
            |name: &str| [&self.key, &self.cursor].iter().all(|key| key.as_deref() != Some(name));
        let (name, _) = record.iter().find(|(name, value)| value.is_string() && is_plain(name))?;
        Some((self.field(name), name.clone()))
    }

    /// The page with no record in it.
    pub fn empty(&self) -> String {
        let mut page = self.page.clone();
        if let Some(records) = page.pointer_mut(&self.records) {
            *records = Value::Array(Vec::new());
        }
        page.to_string()
    }

    /// Whether the API is one of GraphQL.
    pub fn is_graphql(&self) -> bool {
        self.page["data"].is_object()
    }

    fn known(&self, name: &str) -> Option<String> {
        let pointer = self.field(name);
        self.page.pointer(&pointer).is_some().then_some(pointer)
    }
}

/// Where the records of a page are: the page itself, its first list of objects, or the first nodes
/// of an answer of GraphQL.
pub(super) fn records(page: &Value) -> Option<String> {
    if page.is_array() {
        return Some(String::new());
    }
    let is_rows = |value: &Value| value.get(0).is_some_and(Value::is_object);
    if let Some(data) = page.get("data").filter(|data| data.is_object()) {
        return nodes(data).map(|nodes| format!("/data{nodes}"));
    }
    let (name, _) = page.as_object()?.iter().find(|(_, value)| is_rows(value))?;
    Some(format!("/{name}"))
}

fn nodes(data: &Value) -> Option<String> {
    if data["nodes"].get(0).is_some() {
        return Some("/nodes".to_owned());
    }
    let fields = data.as_object()?.iter();
    fields.into_iter().find_map(|(name, value)| Some(format!("/{name}{}", nodes(value)?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_records_of_a_page_are_found_in_every_form_of_api() {
        let check = |page: Value, expected: Option<&str>| {
            assert_eq!(records(&page).as_deref(), expected, "{page}");
        };
        check(json!([{"id": 1}]), Some(""));
        check(json!({"next": null, "orders": [{"id": 1}]}), Some("/orders"));
        check(
            json!({"data": {"shop": {"orders": {"nodes": [{"id": 1}]}}}}),
            Some("/data/shop/orders/nodes"),
        );
        check(json!({"id": 1}), None);
    }
}
