//! Lists: which rows of a table a request asks for, and the answer that holds them.

use super::cursor::Cursor;
use super::link::{self, Pages};
use super::message;
use super::table::{Order, Row, Table};
use crate::server::{Answer, Request};

const DEFAULT_SIZE: usize = 30;
const MAX_SIZE: usize = 100;

/// The page that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) size: usize,
}

impl Page {
    pub(crate) fn of(request: &Request) -> Self {
        let number = |name| request.number(name).filter(|&number| number > 0);
        let size =
            number("per_page").map_or(DEFAULT_SIZE, |size| size.min(MAX_SIZE as u64) as usize);
        Self { number: number("page").map_or(1, |page| page as usize), size }
    }

    pub(crate) fn start(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sorting {
    pub(crate) order: Order,
    pub(crate) descending: bool,
}

/// The direction that a request asks for.
pub(crate) fn is_descending(request: &Request, default: bool) -> bool {
    match request.param("direction") {
        Some("asc") => false,
        Some("desc") => true,
        _ => default,
    }
}

/// All rows that a list holds, in its order.
pub(crate) fn select(table: &Table, sorting: Sorting, keep: impl Fn(&Row) -> bool) -> Vec<&Row> {
    let rows = table.rows();
    let view = table.view(sorting.order).iter().map(|&at| &rows[at as usize]);
    if sorting.descending {
        view.rev().filter(|row| keep(row)).collect()
    } else {
        view.filter(|row| keep(row)).collect()
    }
}

/// A page of a list that is paged by number.
pub(crate) fn numbered<T>(
    request: &Request,
    path: &str,
    rows: &[T],
    render: impl FnMut(&T, &mut String),
) -> Answer {
    let page = Page::of(request);
    let from = page.start().min(rows.len());
    let to = (from + page.size).min(rows.len());
    let mut answer = Answer::json(200, array(&rows[from..to], render));
    let pages = Pages { current: page.number, last: rows.len().div_ceil(page.size) };
    if let Some(link) = link::numbered(request, path, pages) {
        answer.set("link", link);
    }
    answer
}

/// A JSON array of rendered rows.
pub(crate) fn array<T>(rows: &[T], mut render: impl FnMut(&T, &mut String)) -> String {
    let mut out = String::with_capacity(rows.len() * 4_096 + 2);
    out.push('[');
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        render(row, &mut out);
    }
    out.push(']');
    out
}

/// A list that is paged by cursor, a keyset over the sort value and the id.
pub(crate) struct Keyset<'a> {
    pub(crate) table: &'a Table,
    pub(crate) sorting: Sorting,
    pub(crate) path: String,
    /// Whether a page has a number beside its cursor.
    pub(crate) counted: bool,
}

impl Keyset<'_> {
    /// A page after or before a cursor, or by its number while there is no cursor yet.
    pub(crate) fn answer(
        &self,
        request: &Request,
        id: impl Fn(&Row) -> u64,
        keep: impl Fn(&Row) -> bool,
        render: impl Fn(&Row, &mut String),
    ) -> Answer {
        let place = |row: &Row| Cursor { value: self.sorting.order.value(row), id: id(row) };
        let mut page = Page::of(request);
        if !self.counted {
            page.number = 1;
        }
        let (Ok(after), Ok(before)) = (cursor(request, "after"), cursor(request, "before")) else {
            return message::invalid("The listed cursor is invalid.");
        };
        let backwards = after.is_none() && before.is_some();
        let from = after.or(before);
        let skip = if from.is_none() { page.start() } else { 0 };
        let walk = Walk { from, descending: self.sorting.descending != backwards };
        let mut rows = walk.rows(self.table, self.sorting.order, &place, &keep);
        let rest = &mut rows.by_ref().skip(skip);
        let mut hits: Vec<&Row> = rest.take(page.size).collect();
        let more = rest.next().is_some();
        if backwards {
            hits.reverse();
        }
        let (first, last) = (hits.first().map(|row| place(row)), hits.last().map(|row| place(row)));
        let started = if backwards { more } else { from.is_some() || page.number > 1 };
        let goes_on = backwards || more;
        let link = link::cursors(
            request,
            &self.path,
            self.counted.then_some(page.number),
            first.filter(|_| started),
            last.filter(|_| goes_on),
        );
        let mut answer = Answer::json(200, array(&hits, |row, out| render(row, out)));
        if let Some(link) = link {
            answer.set("link", link);
        }
        answer
    }
}

/// A walk over a sorted view.
struct Walk {
    from: Option<Cursor>,
    descending: bool,
}

impl Walk {
    fn rows<'t>(
        &self,
        table: &'t Table,
        order: Order,
        place: &impl Fn(&Row) -> Cursor,
        keep: &impl Fn(&Row) -> bool,
    ) -> impl Iterator<Item = &'t Row> {
        let rows = table.rows();
        let view = table.view(order);
        let row = move |&at: &u32| &rows[at as usize];
        let (from, to) = match (self.from, self.descending) {
            (None, _) => (0, view.len()),
            (Some(from), false) => (view.partition_point(|at| place(row(at)) <= from), view.len()),
            (Some(from), true) => (0, view.partition_point(|at| place(row(at)) < from)),
        };
        let part = &view[from..to];
        let descending = self.descending;
        let count = part.len();
        (0..count)
            .map(move |at| row(&part[if descending { count - 1 - at } else { at }]))
            .filter(move |row| keep(row))
    }
}

fn cursor(request: &Request, name: &str) -> Result<Option<Cursor>, ()> {
    request.param(name).map(|text| Cursor::decode(text).ok_or(())).transpose()
}
