//! Changes of the data, and what it really holds, for tests.

use serde_json::{Map, Value, json};

use super::data::{Data, Resource, Row};
use super::list::error;
use super::record::instant;
use crate::seed::mix;
use crate::server::{Answer, Request};

/// Seconds that pass before a change.
const PAUSE: u32 = 60;

#[derive(Clone, Copy)]
enum Verb {
    Touch,
    Create,
    Delete,
}

/// Answers a change; `None` if there is no such action.
pub(super) fn answer(data: &mut Data, action: &str, request: &Request) -> Option<Answer> {
    let verb = match action {
        "touch" => Verb::Touch,
        "create" => Verb::Create,
        "delete" => Verb::Delete,
        _ => return None,
    };
    let Some(resource) = resource(request) else { return Some(unknown()) };
    data.now += PAUSE;
    let first_at = data.now;
    let ids = match (verb, resource) {
        (Verb::Create, Resource::Orders | Resource::Customers | Resource::Products) => {
            let next = data.list(resource).next();
            (next..next + request.number("count").unwrap_or(1)).collect()
        }
        _ => chosen(data, resource, request),
    };
    for id in &ids {
        change(data, verb, resource, *id);
        // Each change has a time of its own, and the next one comes after the last of these.
        data.now += 1;
    }
    let done = json!({"changed": ids.len(), "first_at": instant(first_at), "ids": ids});
    Some(Answer::value(200, &done))
}

fn change(data: &mut Data, verb: Verb, resource: Resource, id: u64) {
    let now = data.now;
    let row = match data.list(resource).get(id) {
        Some(row) => row,
        None => data.fresh(resource, now),
    };
    let items = match (verb, resource) {
        (Verb::Create, Resource::Items) => row.items + 1,
        (Verb::Delete, Resource::Items) => row.items.saturating_sub(1),
        _ => row.items,
    };
    let list = data.list_mut(resource);
    match (verb, resource) {
        (Verb::Delete, Resource::Orders | Resource::Customers | Resource::Products) => {
            list.remove(id);
        }
        (Verb::Create, Resource::Orders | Resource::Customers | Resource::Products) => {
            list.put(row);
        }
        _ => list.put(Row { updated: now, version: row.version + 1, items, ..row }),
    }
}

/// The ids that are meant: the one that is named, or so many, spread evenly over the list.
fn chosen(data: &Data, resource: Resource, request: &Request) -> Vec<u64> {
    let ids: Vec<u64> = data.list(resource).rows().map(|row| row.id).collect();
    if let Some(named) = request.number("id") {
        return ids.into_iter().filter(|id| *id == named).collect();
    }
    let (length, count) = (ids.len(), request.number("count").unwrap_or(1) as usize);
    let count = count.min(length);
    let first = mix(&[data.now.into()]) as usize % length.max(1);
    (0..count).map(|at| ids[(first + at * length / count) % length]).collect()
}

/// The answer of `/_mock/truth`: one JSON line a record.
pub(super) fn truth(data: &Data, request: &Request) -> Answer {
    let Some(resource) = resource(request) else { return unknown() };
    let fields: Vec<&str> = request.param("fields").unwrap_or("id").split(',').collect();
    let mut lines = String::new();
    for row in data.list(resource).rows() {
        for mut record in data.records(resource, row) {
            if resource == Resource::Items {
                record["order_id"] = row.id.into();
            }
            let shown = fields.iter().map(|field| ((*field).to_owned(), record[*field].take()));
            lines += &Value::Object(Map::from_iter(shown)).to_string();
            lines.push('\n');
        }
    }
    let mut answer = Answer::json(200, lines);
    answer.set("content-type", "application/x-ndjson");
    answer
}

fn resource(request: &Request) -> Option<Resource> {
    Resource::parse(request.param("resource").unwrap_or("orders"))
}

fn unknown() -> Answer {
    error(400, "`resource` is none of orders, order_items, customers, products")
}
