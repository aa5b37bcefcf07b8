//! The lists: which rows a request gets, and what leads to the next ones.

use chrono::DateTime;
use serde_json::{Value, json};

use super::data::{Data, Resource, Row};
use crate::server::{Answer, Request};

const DEFAULT_SIZE: u64 = 50;
const MAX_SIZE: u64 = 100;

/// The answer to a request for a path of the API.
pub(super) fn answer(data: &Data, request: &Request) -> Answer {
    let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let answer = match *segments.as_slice() {
        ["v1", "orders"] => orders(data, request),
        ["v1", "orders", id, "items"] => items(data, id),
        ["v1", "customers"] => customers(data, request),
        ["v1", "products"] => Ok(products(data)),
        _ => Ok(error(404, "there is no such path")),
    };
    answer.unwrap_or_else(|rule| error(422, &rule))
}

/// An error in the API's words.
pub(super) fn error(status: u16, message: &str) -> Answer {
    Answer::value(status, &json!({"error": {"status": status, "message": message}}))
}

fn orders(data: &Data, request: &Request) -> Result<Answer, String> {
    let since = request.param("updated_since").map_or(Ok(0), since)?;
    let place = match request.param("cursor") {
        Some(cursor) => place(cursor).ok_or("`cursor` is none that this API gave")?,
        None => (since, 0),
    };
    let size = size(request, "limit");
    let mut rows = data.orders.changed_from(place);
    let page = records(data, Resource::Orders, rows.by_ref().take(size));
    let next = rows.next().map(|row| format!("{:x}-{:x}", row.updated, row.id));
    Ok(Answer::value(200, &json!({"orders": page, "next_cursor": next})))
}

/// Seconds of the epoch; what is before or after all that a row can have is the first or the last.
fn since(text: &str) -> Result<u32, String> {
    // In a query a `+` arrives as a space.
    let instant = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    let instant = instant.map_err(|_| "`updated_since` is no instant of RFC 3339".to_owned())?;
    Ok(u32::try_from(instant.timestamp().max(0)).unwrap_or(u32::MAX))
}

/// The time and the id that a cursor stands for: those of the first row of its page.
fn place(cursor: &str) -> Option<(u32, u64)> {
    let (time, id) = cursor.split_once('-')?;
    Some((u32::from_str_radix(time, 16).ok()?, u64::from_str_radix(id, 16).ok()?))
}

fn items(data: &Data, id: &str) -> Result<Answer, String> {
    let id = id.parse().map_err(|_| "the id of an order is a number".to_owned())?;
    let Some(order) = data.orders.get(id) else { return Ok(error(404, "there is no such order")) };
    Ok(Answer::value(200, &json!({"items": data.records(Resource::Items, &order)})))
}

fn customers(data: &Data, request: &Request) -> Result<Answer, String> {
    let after = match request.param("after") {
        Some(id) => id.parse().map_err(|_| "`after` is an id".to_owned())?,
        None => 0,
    };
    let size = size(request, "per_page");
    let rows: Vec<&Row> = data.customers.after(after).take(size + 1).collect();
    let page = &rows[..rows.len().min(size)];
    let records = records(data, Resource::Customers, page.iter().copied());
    let mut answer = Answer::value(200, &records.into());
    if let (Some(last), true) = (page.last(), rows.len() > size) {
        let (origin, last) = (request.origin(), last.id);
        let next = format!("{origin}/v1/customers?per_page={size}&after={last}");
        answer.set("link", format!("<{next}>; rel=\"next\""));
    }
    Ok(answer)
}

fn products(data: &Data) -> Answer {
    let products = records(data, Resource::Products, data.products.rows());
    Answer::value(200, &json!({"products": products}))
}

fn records<'a>(data: &Data, resource: Resource, rows: impl Iterator<Item = &'a Row>) -> Vec<Value> {
    rows.flat_map(|row| data.records(resource, row)).collect()
}

fn size(request: &Request, name: &str) -> usize {
    request.number(name).unwrap_or(DEFAULT_SIZE).clamp(1, MAX_SIZE) as usize
}
