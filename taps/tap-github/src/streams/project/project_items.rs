//! <https://docs.github.com/en/graphql/reference/objects#projectv2item>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Error;
use serde_json::value::{RawValue, to_raw_value};
use singer_tap::{Nested, Stream, from_parent, schema};

use crate::config::Config;

const TEXT: &str = concat!(
    include_str!("project_items.graphql"),
    include_str!("values.graphql"),
    include_str!("creator.graphql"),
);

const VALUES: Nested = Nested {
    at: "/field_values",
    id: "/node_id",
    rest: concat!(
        include_str!("more_values.graphql"),
        include_str!("values.graphql"),
        include_str!("creator.graphql"),
    ),
    rest_at: "/data/node/field_values",
};

/// The fields that every project has, by name and the type of their values, and their columns.
const COLUMNS: [(&str, &str, &str); 2] = [
    ("Title", "ProjectV2ItemFieldTextValue", "title"),
    ("Status", "ProjectV2ItemFieldSingleSelectValue", "status"),
];

/// The types of values that only the project has, and where what they hold stands. The others are
/// those of the issue or pull request: its labels, assignees, milestone and so on.
const HELD: [(&str, &str); 5] = [
    ("ProjectV2ItemFieldTextValue", "text"),
    ("ProjectV2ItemFieldDateValue", "date"),
    ("ProjectV2ItemFieldNumberValue", "number"),
    ("ProjectV2ItemFieldSingleSelectValue", "option"),
    ("ProjectV2ItemFieldIterationValue", "iteration"),
];

pub(super) fn stream(config: &Config) -> Stream {
    let query = crate::graphql::query(config, TEXT, "/data/organization/projectV2/items");
    Stream::new("project_items")
        .about("Items of a project, with the values of their fields.")
        .schema(schema!("project_items"))
        .key(["org", "project_number", "node_id"])
        .selected_by_default(false)
        .child_of("projects", ["org", "project_number"])
        .graphql(
            query
                .variable("org", "org")
                .variable("project_number", "project_number")
                .page_sizes(sizes(config.stream_options.project_items.page_size))
                .nested(VALUES)
                .rewrite(with_values),
        )
        .transform([from_parent("org"), from_parent("project_number")])
}

fn sizes(first: u32) -> [u32; 4] {
    let first = first.clamp(1, 100);
    [first, first.div_ceil(2), first.div_ceil(4), first.div_ceil(10)]
}

/// An object whose values keep their text.
type Object = BTreeMap<String, Box<RawValue>>;

#[derive(Deserialize)]
struct Values {
    nodes: Vec<Option<Object>>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
}

/// An item with its title and status in columns of their own, and its other values in one shape:
/// GraphQL cannot give a text, a date and a number the same name.
fn with_values(row: &str) -> Result<String, Error> {
    let mut item: Object = serde_json::from_str(&super::with_ids(row)?)?;
    let values: Option<Values> = take(&mut item, "field_values")?;
    let mut others = Vec::new();
    for (.., column) in COLUMNS {
        item.insert(column.to_owned(), to_raw_value(&())?);
    }
    for mut value in values.into_iter().flat_map(|values| values.nodes).flatten() {
        let kind: Option<String> = get(&value, "value_type")?;
        let kind = kind.unwrap_or_default();
        let Some((_, held)) = HELD.iter().find(|(known, _)| *known == kind) else { continue };
        if let Some(held) = value.remove(*held) {
            value.insert("value".to_owned(), as_text(held)?);
        }
        let name = take::<Field>(&mut value, "field")?.map(|field| field.name).unwrap_or_default();
        let column = COLUMNS.iter().find(|(field, of, _)| (*field, *of) == (&*name, &*kind));
        match column {
            Some((.., column)) => {
                item.insert((*column).to_owned(), to_raw_value(&value)?);
            }
            None => {
                value.insert("field_name".to_owned(), to_raw_value(&name)?);
                others.push(value);
            }
        }
    }
    item.insert("field_values".to_owned(), to_raw_value(&others)?);
    serde_json::to_string(&item)
}

fn get<T: for<'de> Deserialize<'de>>(object: &Object, name: &str) -> Result<Option<T>, Error> {
    object.get(name).map_or(Ok(None), |value| serde_json::from_str(value.get()))
}

fn take<T: for<'de> Deserialize<'de>>(object: &mut Object, name: &str) -> Result<Option<T>, Error> {
    let found = get(object, name);
    object.remove(name);
    found
}

/// A scalar as a string, if it is none.
fn as_text(value: Box<RawValue>) -> Result<Box<RawValue>, Error> {
    match value.get() {
        text if text == "null" || text.starts_with('"') => Ok(value),
        number => to_raw_value(number),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(values: Value, expected: Value) {
        let row = json!({"node_id": "i", "field_values": {"nodes": values}}).to_string();
        let found: Value = serde_json::from_str(&with_values(&row).unwrap()).unwrap();
        assert_eq!(found, expected);
    }

    fn value(kind: &str, field: &str, name: &str, held: Value) -> Value {
        let kind = format!("ProjectV2ItemField{kind}Value");
        json!({"value_type": kind, "id": 7, "field": {"name": field}, name: held})
    }

    #[test]
    fn values_have_one_shape_and_title_and_status_stand_beside_them() {
        let is = |kind: &str, value: Value| {
            let kind = format!("ProjectV2ItemField{kind}Value");
            json!({"value_type": kind, "id": "7", "value": value})
        };
        let named = |name: &str, mut value: Value| {
            value["field_name"] = name.into();
            value
        };
        check(
            json!([
                value("Text", "Title", "text", json!("Fix it")),
                value("SingleSelect", "Status", "option", json!("Done")),
                value("SingleSelect", "Size", "option", json!("S")),
                value("Number", "Estimate", "number", json!(2.5)),
                value("Date", "Due", "date", json!("2026-01-01")),
                value("Iteration", "Sprint", "iteration", json!("Sprint 3")),
                value("Text", "Notes", "text", Value::Null),
                value("Label", "Labels", "labels", json!([])),
                null,
            ]),
            json!({
                "node_id": "i",
                "title": is("Text", json!("Fix it")),
                "status": is("SingleSelect", json!("Done")),
                "field_values": [
                    named("Size", is("SingleSelect", json!("S"))),
                    named("Estimate", is("Number", json!("2.5"))),
                    named("Due", is("Date", json!("2026-01-01"))),
                    named("Sprint", is("Iteration", json!("Sprint 3"))),
                    named("Notes", is("Text", Value::Null)),
                ],
            }),
        );
        // A field that only has the name of one that every project has.
        check(
            json!([value("Number", "Title", "number", json!(1))]),
            json!({
                "node_id": "i",
                "title": null,
                "status": null,
                "field_values": [named("Title", is("Number", json!("1")))],
            }),
        );
    }

    #[test]
    fn a_row_that_is_no_item_is_an_error() {
        for row in ["[]", "null", r#"{"field_values": 1}"#, r#"{"field_values": {}}"#] {
            assert!(with_values(row).is_err(), "{row}");
        }
    }

    #[test]
    fn pages_shrink_from_the_size_that_the_user_wants() {
        assert_eq!(sizes(100), [100, 50, 25, 10]);
        assert_eq!(sizes(30), [30, 15, 8, 3]);
        assert_eq!(sizes(0), [1, 1, 1, 1]);
        assert_eq!(sizes(500), [100, 50, 25, 10]);
    }
}
