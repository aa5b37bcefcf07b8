//! Values of fields, as the REST side writes them.

use serde_json::Value;

use super::super::json;
use super::super::template::Fill;

/// The value of a field by its name in GraphQL, from a record of the REST side.
pub(super) fn of(record: &dyn Fill, name: &str) -> Value {
    let slot = match name {
        "id" => "node_id".to_owned(),
        "databaseId" => "id".to_owned(),
        name => snake(name),
    };
    let mut text = String::new();
    record.fill(&slot, &mut text);
    serde_json::from_str(&text).unwrap_or_default()
}

pub(super) fn instant(seconds: u32) -> Value {
    let mut text = String::new();
    json::bare_instant(seconds, &mut text);
    text.into()
}

pub(super) fn instant_or_null(seconds: u32) -> Value {
    if seconds == 0 { Value::Null } else { instant(seconds) }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
