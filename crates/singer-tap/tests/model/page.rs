//! Lists and their pages, as the source's API shows them.

use serde_json::{Value, json};
use singer_http::{HeaderMap, Url};

use crate::case::List;
use crate::world::{Place, Row, World};

/// The page of these lists that a URL asks for, and its headers.
pub(crate) fn page(world: &World, places: &[Place], url: &Url) -> (HeaderMap, Value) {
    let list = world.list(places[0]);
    let rows = rows(world, places, url);
    let size = world.shape.page;
    let skip = skip(list, &rows, url, size);
    let shown: Vec<&Row> = rows.iter().skip(skip).take(size).copied().collect();
    let last = shown.last().filter(|_| rows.len() > skip + size);
    let after = last.map(|row| text(position(list, row)));
    let next = after.as_ref().map(|after| match list {
        List::Keyset => with(url, "page", &(skip / size + 2).to_string()),
        _ => with(url, "after", after),
    });
    let mut headers = HeaderMap::new();
    if let (List::Ascending | List::Keyset, Some(next)) = (list, &next) {
        let link = format!("<{next}>; rel=\"next\"");
        headers.insert("link", link.parse().expect("a link is a header's value"));
    }
    let data: Vec<Value> = shown.iter().map(|row| world.json(row)).collect();
    let has_more = after.is_some();
    (headers, json!({"data": data, "next": next, "after": after, "has_more": has_more}))
}

/// What a query selects, in the list's order.
fn rows<'a>(world: &'a World, places: &[Place], url: &Url) -> Vec<&'a Row> {
    let bound = |name: &str| param(url, name).map(|text| world.parse(&text));
    let from = bound("since").or_else(|| bound("from"));
    let to = bound("to");
    let mut rows: Vec<&Row> = places.iter().flat_map(|place| world.of(*place)).collect();
    rows.retain(|row| {
        let value = world.value(row.at);
        from.is_none_or(|from| value >= from) && to.is_none_or(|to| value < to)
    });
    rows.sort_by_key(|row| position(world.list(places[0]), row));
    rows
}

/// How many rows lie before the page.
fn skip(list: List, rows: &[&Row], url: &Url, size: usize) -> usize {
    let number = |name: &str| param(url, name).and_then(|text| text.parse::<usize>().ok());
    let after = param(url, "after");
    match (list, after) {
        (List::Reread, _) => number("offset").unwrap_or(0),
        (List::Numbered | List::FullNumbered | List::NewestNumbered | List::Keyset, _) => {
            (number("page").unwrap_or(1) - 1) * size
        }
        (_, None) => 0,
        (List::Scan, Some(after)) => {
            let id: i64 = after.parse().expect("an id is a number");
            rows.partition_point(|row| row.id <= id)
        }
        (_, Some(after)) => rows.partition_point(|row| text(position(list, row)) <= after),
    }
}

/// Where a row stands in its list.
fn position(list: List, row: &Row) -> (i64, i64) {
    match list {
        List::Ascending | List::Keyset | List::Numbered => (row.at, row.id),
        List::NewestFirst | List::NewestNumbered => (-row.at, -row.id),
        _ => (0, row.id),
    }
}

/// A position as text, in the same order.
fn text((at, id): (i64, i64)) -> String {
    format!("{:05}{:05}", at + 50_000, id + 50_000)
}

fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The same URL with this parameter.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let others = url.query_pairs().filter(|(key, _)| key != name);
    let others: Vec<(String, String)> =
        others.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
    next
}
