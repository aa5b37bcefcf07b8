//! Queries of the REST API, page by page.

use std::sync::Mutex;

use super::cursor::{Cursor, Cursors};
use super::error::Problem;
use super::options::SalesforceOptions;
use super::org::Org;
use super::record::Record;
use super::render::{self, Style};
use super::soql;
use crate::json;
use crate::server::{Answer, Request};

/// The least and the most records a page that can be asked for.
const SIZES: (usize, usize) = (200, 2_000);

/// What the answer to a query depends on.
pub(super) struct Asked<'a> {
    pub(super) org: &'a Org,
    pub(super) options: &'a SalesforceOptions,
    pub(super) cursors: &'a Mutex<Cursors>,
    pub(super) version: &'a str,
    pub(super) now: u32,
}

/// A part of the rows that a query found.
struct Page<'a> {
    object: usize,
    fields: &'a [usize],
    numbers: &'a [u32],
    total: usize,
    /// Where the next page is.
    next: Option<String>,
}

impl Asked<'_> {
    /// The first page of a query.
    ///
    /// # Errors
    /// The query is not valid, or takes too long.
    pub(super) fn first(&self, request: &Request, with_deleted: bool) -> Result<Answer, Problem> {
        let text = request.param("q").unwrap_or_default();
        let query = soql::check(self.org, &soql::parse(text)?)?;
        if let Some(most) = self.options.query_timeout.filter(|_| query.has_window(self.org)) {
            // How long it takes follows from what it has to look at, and not from its limit.
            let whole = query.clone().without_limit();
            if soql::run(self.org, &whole, with_deleted, self.now).len() > most as usize {
                let text = "Your query request was running for too long.";
                return Err(Problem::new(400, "QUERY_TIMEOUT", text));
            }
        }
        let found = soql::run(self.org, &query, with_deleted, self.now);
        let total = found.len();
        let (object, fields) = (query.object, query.fields);
        if fields.is_empty() {
            return Ok(Answer::json(
                200,
                format!("{{\"totalSize\":{total},\"done\":true,\"records\":[]}}"),
            ));
        }
        let size = self.size(request);
        if total <= size {
            let page = Page { object, fields: &fields, numbers: &found, total, next: None };
            return Ok(self.page(&page));
        }
        let cursor =
            self.cursors.lock().expect("no holder of this lock panics").keep(object, fields, found);
        Ok(self.part(&cursor, 0, size))
    }

    /// A later page.
    ///
    /// # Errors
    /// The cursor is lost.
    pub(super) fn next(&self, request: &Request, locator: &str) -> Result<Answer, Problem> {
        let mut cursors = self.cursors.lock().expect("no holder of this lock panics");
        let (cursor, position) = cursors.find(locator)?;
        drop(cursors);
        Ok(self.part(&cursor, position, self.size(request)))
    }

    /// How many records go on a page.
    fn size(&self, request: &Request) -> usize {
        let wish = request.header("sforce-query-options").and_then(|header| {
            let mut options = header.split([',', ';']).filter_map(|option| option.split_once('='));
            let (_, size) =
                options.find(|(name, _)| name.trim().eq_ignore_ascii_case("batchSize"))?;
            size.trim().parse::<usize>().ok()
        });
        wish.map_or(SIZES.1, |size| size.clamp(SIZES.0, SIZES.1)).min(self.options.page as usize)
    }

    fn part(&self, cursor: &Cursor, from: usize, size: usize) -> Answer {
        let total = cursor.numbers.len();
        let end = (from + size).min(total);
        let next = (end < total)
            .then(|| format!("/services/data/{}/query/{}-{end}", self.version, cursor.id.text()));
        self.page(&Page {
            object: cursor.object,
            fields: &cursor.fields,
            numbers: &cursor.numbers[from..end],
            total,
            next,
        })
    }

    fn page(&self, page: &Page<'_>) -> Answer {
        let Page { object, fields, total, .. } = *page;
        let mut out = String::with_capacity(page.numbers.len() * (100 + fields.len() * 30) + 200);
        out.push_str("{\"totalSize\":");
        json::number(total as u64, &mut out);
        out.push_str(",\"done\":");
        json::boolean(page.next.is_none(), &mut out);
        if let Some(next) = &page.next {
            out.push_str(",\"nextRecordsUrl\":");
            json::text(next, &mut out);
        }
        out.push_str(",\"records\":[");
        let table = &self.org.objects[object].table;
        let mut scratch = String::new();
        let mut is_first = true;
        for number in page.numbers {
            let Some(row) = table.get(*number, self.now) else { continue };
            if !is_first {
                out.push(',');
            }
            is_first = false;
            let style = Style { version: self.version, has_offset: true };
            record(&self.org.record(object, *number, row), fields, style, &mut scratch, &mut out);
        }
        out.push_str("]}");
        Answer::json(200, out)
    }
}

fn record(
    record: &Record<'_>,
    fields: &[usize],
    style: Style<'_>,
    scratch: &mut String,
    out: &mut String,
) {
    let object = record.object;
    out.push_str("{\"attributes\":{\"type\":\"");
    out.push_str(&object.name);
    out.push('"');
    if let Some(id) = object.id(record.number) {
        out.push_str(",\"url\":\"/services/data/");
        out.push_str(style.version);
        out.push_str("/sobjects/");
        out.push_str(&object.name);
        out.push('/');
        id.write(out);
        out.push('"');
    }
    out.push('}');
    for at in fields {
        let field = &object.fields[*at];
        out.push_str(",\"");
        out.push_str(&field.name);
        out.push_str("\":");
        render::json(record, field, style, scratch, out);
    }
    out.push('}');
}
