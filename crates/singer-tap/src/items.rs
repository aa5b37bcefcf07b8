//! Records that are the items of a list within the parent's records: they need no request.

use serde_json::Value;
use singer_protocol::scan;

/// Where in the parent's records they are, and what of it each is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Items {
    field: String,
    given: Vec<(String, String)>,
}

impl Items {
    pub(crate) fn new<'f>(
        field: &str,
        given: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Items {
        let given = given.into_iter().map(|(name, field)| (name.to_owned(), field.to_owned()));
        Items { field: field.to_owned(), given: given.collect() }
    }

    /// The fields of the parent's records that are read.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let given = self.given.iter().map(|(_, field)| field.as_str());
        std::iter::once(self.field.as_str()).chain(given)
    }

    /// Adds the items of one of the parent's records to a page; `text` gives the JSON text of a field.
    /// A field that is no list has none.
    pub(crate) fn add<'t>(&self, text: impl Fn(&str) -> Option<&'t str>, page: &mut ItemsPage) {
        let list = text(&self.field).map(scan::bare).filter(|list| list.starts_with('['));
        let given: Vec<(&str, &str)> = self
            .given
            .iter()
            .map(|(name, field)| (name.as_str(), text(field).unwrap_or("null")))
            .collect();
        for item in list.into_iter().flat_map(scan::elements) {
            page.add(item, &given);
        }
    }
}

/// A page of items: a list that is not closed yet.
#[derive(Debug, Default)]
pub(crate) struct ItemsPage(Vec<u8>);

impl ItemsPage {
    /// Adds an item with what it is given beside what it has itself.
    fn add(&mut self, item: &str, given: &[(&str, &str)]) {
        self.0.push(if self.0.is_empty() { b'[' } else { b',' });
        // What is no object is rejected when the page is read.
        let Some(inside) = item.strip_prefix('{').and_then(|item| item.strip_suffix('}')) else {
            return self.0.extend_from_slice(item.as_bytes());
        };
        self.0.push(b'{');
        let inside = inside.trim();
        self.0.extend_from_slice(inside.as_bytes());
        // Of a name that is there twice, the later value holds.
        let missing = given
            .iter()
            .filter(|(name, _)| scan::member(item, name).is_none_or(|own| own == "null"));
        for (at, (name, value)) in missing.enumerate() {
            let comma = if at == 0 && inside.is_empty() { "" } else { "," };
            self.0.extend_from_slice(format!("{comma}{}:{value}", Value::from(*name)).as_bytes());
        }
        self.0.push(b'}');
    }

    /// The page as a body, if there is anything in it.
    pub(crate) fn into_body(mut self) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.push(b']');
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_given_what_is_their_parents() {
        let items = Items::new("lines", [("invoice", "id"), ("none", "nothing")]);
        let mut page = ItemsPage::default();
        let wrapped = r#"{"object": "list", "data": [{"id": 1 }, { }, 7, {"invoice":null}], "has_more": false}"#;
        let own = r#"[{"invoice":"in_0","none":1}]"#;
        for (id, lines) in [("\"in_1\"", wrapped), ("\"in_2\"", own), ("\"in_3\"", "null")] {
            let text = |field: &str| match field {
                "id" => Some(id),
                "lines" => Some(lines),
                _ => None,
            };
            items.add(text, &mut page);
        }
        let body = String::from_utf8(page.into_body().unwrap()).unwrap();
        let given = r#""invoice":"in_1","none":null"#;
        let own = r#"{"invoice":"in_0","none":1}"#;
        let nulled = format!(r#"{{"invoice":null,{given}}}"#);
        assert_eq!(body, format!(r#"[{{"id": 1,{given}}},{{{given}}},7,{nulled},{own}]"#));
        assert_eq!(items.fields().collect::<Vec<_>>(), ["lines", "id", "nothing"]);
        assert_eq!(ItemsPage::default().into_body(), None);
    }
}
