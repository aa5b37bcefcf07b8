//! The connections of a repository, and of what is in it.

use serde_json::Value;

use super::super::cursor::Cursor;
use super::super::pull_commit::PullCommit;
use super::super::review::Review;
use super::super::table::{Order, Row, Table};
use super::super::world::Repo;
use super::node::{Located, Node};
use super::value;
use crate::clock::parse_instant;
use crate::graphql::{Arguments, Page, Place, Problem};

type Edge = Vec<(&'static str, Value)>;

/// A page of the rows of a table, sorted and filtered as the arguments say.
pub(super) fn rows<'w>(
    at: Located<'w>,
    repo: &'w Repo,
    table: &'w Table,
    arguments: &Arguments,
    keep: impl Fn(&Row) -> bool,
    node: impl Fn(&'w Row) -> (Node<'w>, Edge),
) -> Result<Page<Located<'w>>, Problem> {
    let word = |pointer: &str| {
        arguments.get("orderBy").and_then(|order| order.get(pointer)).and_then(Value::as_str)
    };
    let order = match word("field") {
        None | Some("CREATED_AT" | "STARRED_AT") => Order::Created,
        Some("UPDATED_AT") => Order::Updated,
        Some("COMMENTS") => Order::Comments,
        Some(other) => return Err(Problem::plain(format!("`{other}` is no order"))),
    };
    let is_descending = word("direction") == Some("DESC");
    let since = arguments.get("filterBy").and_then(|filter| filter.get("since"));
    let since =
        since.and_then(Value::as_str).map_or(Ok(0), parse_instant).map_err(Problem::plain)?;
    let states = arguments.get("states").and_then(Value::as_array);
    let has_state = |row: &Row| {
        states.is_none_or(|states| states.iter().any(|state| state == state_of(repo, row)))
    };
    let all = table.rows();
    let view = table.view(order).iter().map(|&at| &all[at as usize]);
    let mut list: Vec<&'w Row> =
        view.filter(|row| row.updated >= since && keep(row) && has_state(row)).collect();
    if is_descending {
        list.reverse();
    }
    let place = |row: &&Row| Place { value: order.value(row), id: row.number.into() };
    Page::of(&list, arguments, place, is_descending, (encode, decode), |row| {
        let (node, edge) = node(row);
        (at.with(node), edge)
    })
}

/// `OPEN`, `CLOSED` or `MERGED`.
pub(super) fn state_of(repo: &Repo, row: &Row) -> &'static str {
    match row.closed {
        0 => "OPEN",
        _ if super::super::issue::Issue { repo, row }.merged() != 0 => "MERGED",
        _ => "CLOSED",
    }
}

/// A page of a short list, in its order.
pub(super) fn short<'w, T: Clone>(
    at: Located<'w>,
    list: &[T],
    arguments: &Arguments,
    node: impl Fn(T) -> Node<'w>,
) -> Result<Page<Located<'w>>, Problem> {
    let list: Vec<(usize, T)> = list.iter().cloned().enumerate().collect();
    let place = |(index, _): &(usize, T)| Place { value: *index as u64, id: *index as u64 };
    Page::of(&list, arguments, place, false, (encode, decode), |(_, item)| {
        (at.with(node(item.clone())), Vec::new())
    })
}

/// The user of a star, with its time.
pub(super) fn star(row: &Row) -> (Node<'_>, Edge) {
    let user = super::super::stargazer::Stargazer(row).user();
    (Node::Account(user), vec![("starredAt", value::instant(row.created))])
}

pub(super) fn reviews<'w>(
    at: Located<'w>,
    repo: &'w Repo,
    pull: &'w Row,
    arguments: &Arguments,
) -> Result<Page<Located<'w>>, Problem> {
    short(at, &Review::all(repo, pull), arguments, Node::Review)
}

pub(super) fn commits<'w>(
    at: Located<'w>,
    repo: &'w Repo,
    pull: &'w Row,
    arguments: &Arguments,
) -> Result<Page<Located<'w>>, Problem> {
    short(at, &PullCommit::all(repo, pull), arguments, Node::PullCommit)
}

fn encode(place: Place) -> String {
    Cursor { value: place.value, id: place.id }.encode()
}

fn decode(text: &str) -> Option<Place> {
    Cursor::decode(text).map(|Cursor { value, id }| Place { value, id })
}
