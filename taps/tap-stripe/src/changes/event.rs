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
        text(self.object(), field)
    }
}

/// A text field of an object.
pub(super) fn text(object: &str, field: &str) -> Option<String> {
    serde_json::from_str(scan::member(object, field)?).ok()
}
