//! Lists within rows, completed before the row is taken.

use std::ops::Range;

use serde_json::{Map, Value};
use singer_http::Scope;
use singer_protocol::scan;

use crate::error::Error;
use crate::source::Scan;

use super::ask::{Asker, TooMuch};
use super::connection::{self, Gap};
use super::place::Trail;
use super::query::{Nested, Query, SIZES, Shape};
use super::walk::Steps;

/// A row may grow to so many bytes.
const MOST_BYTES: usize = 64 << 20;

/// Completes the lists within the rows of a query.
#[derive(Debug)]
pub(super) struct Completer<'a> {
    lists: Vec<(&'a Nested, Asker<'a>)>,
    /// Lists within the lists' items are looked after by another.
    leaves_items: bool,
}

/// A row that is to be taken.
#[derive(Debug, Default)]
pub(super) struct Completed {
    /// What failed in it, as a JSON pointer.
    pub(super) faulty: Option<String>,
    inserts: Vec<Insert>,
}

/// Text that goes into a row.
#[derive(Debug, PartialEq)]
struct Insert {
    at: usize,
    text: String,
}

impl<'a> Completer<'a> {
    pub(super) fn new(query: &'a Query, scan: &Scan<'a>) -> Completer<'a> {
        Completer { leaves_items: false, ..Completer::of_rows(&query.nested, query, scan) }
    }

    /// Completes these lists of a query, and nothing within their items.
    pub(super) fn of_rows(lists: &'a [Nested], query: &'a Query, scan: &Scan<'a>) -> Completer<'a> {
        let asker = |nested: &'a Nested| {
            let trail = Trail::of(nested.rest_at, Shape::Nodes, None);
            let asker = Asker::of(query, scan.client, nested.rest, trail).about(scan.audience);
            // A row's list alone is no more than a page of it.
            (nested, asker.with_sizes(&SIZES))
        };
        Completer { lists: lists.iter().map(asker).collect(), leaves_items: true }
    }

    /// Asks for what is missing in a row.
    ///
    /// # Errors
    /// What kept a list from being completed, unless that is a matter of this row alone.
    pub(super) async fn complete(&mut self, row: &str) -> Result<Completed, Error> {
        let mut completed = Completed::default();
        let leaves_items = self.leaves_items;
        let mut open = if leaves_items { 0 } else { open_lists(row) };
        for (nested, asker) in &mut self.lists {
            let Some(found) = list_in(row, nested)? else { continue };
            open = open.saturating_sub(1);
            let mut insert = Insert { at: found.end, text: String::new() };
            match rest(nested, asker, row, found, leaves_items, &mut insert.text).await {
                Ok(()) => completed.inserts.push(insert),
                Err(Stop::Row(pointer)) => {
                    completed.faulty.get_or_insert(pointer);
                }
                Err(Stop::All(error)) => return Err(error),
            }
        }
        completed.inserts.sort_by_key(|insert| insert.at);
        if open > 0 { Err(undeclared()) } else { Ok(completed) }
    }
}

impl Completed {
    /// Writes the row with what was missing.
    pub(super) fn write(&self, row: &str, out: &mut Vec<u8>) {
        let mut from = 0;
        for insert in &self.inserts {
            out.extend_from_slice(&row.as_bytes()[from..insert.at]);
            out.extend_from_slice(insert.text.as_bytes());
            from = insert.at;
        }
        out.extend_from_slice(&row.as_bytes()[from..]);
    }
}

/// A list within a row that goes on.
#[derive(Debug, PartialEq)]
struct Open {
    /// Where its items end, before the bracket.
    end: usize,
    is_empty: bool,
    /// The JSON text of the cursor.
    cursor: String,
}

enum Stop {
    /// The row cannot be completed, because of what stands there.
    Row(String),
    All(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::All(error)
    }
}

/// The list of a row, if there is more of it.
fn list_in(row: &str, nested: &Nested) -> Result<Option<Open>, Error> {
    match connection::find(row, nested.at, Shape::Nodes) {
        Ok(found) => Ok(found.next.map(|cursor| Open {
            end: range_in(row, found.rows).end - 1,
            is_empty: scan::elements(found.rows).next().is_none(),
            cursor: cursor.to_owned(),
        })),
        Err(Gap::Null(_)) => Ok(None),
        // A row that is null, or of a type that does not have the list.
        Err(Gap::Broken(_)) if scan::at(row, nested.at).is_none() => Ok(None),
        Err(Gap::Broken(what)) => Err(Error::Page { what }),
    }
}

/// Asks for the rest of a list and adds it to `text`, each item after a comma.
async fn rest(
    nested: &Nested,
    asker: &mut Asker<'_>,
    row: &str,
    list: Open,
    leaves_items: bool,
    text: &mut String,
) -> Result<(), Stop> {
    let id = scan::at(row, nested.id).and_then(|id| serde_json::from_str::<Value>(id).ok());
    let id = id.filter(|id| !id.is_null()).ok_or_else(|| Error::Page {
        what: format!("a row has no `{}` to complete its `{}` by", nested.id, nested.at),
    })?;
    let mut variables = Map::from_iter([("id".to_owned(), id)]);
    let (mut cursor, mut is_first, mut steps) = (list.cursor, list.is_empty, Steps::default());
    loop {
        steps.take(&cursor)?;
        let value = serde_json::from_str(&cursor).unwrap_or_default();
        variables.insert("after".to_owned(), value);
        let asked = asker.ask(&variables, TooMuch::Shrink).await;
        let (answer, troubles) = match asked {
            Err(error) if error.scope() == Scope::Partition => {
                tracing::warn!("[{}] `{}` of a row: {error}", error.id(), nested.at);
                return Err(Stop::Row(nested.at.to_owned()));
            }
            asked => asked?,
        };
        if let Some((trouble, _)) = troubles.rows.first() {
            let Nested { at, .. } = nested;
            return Err(Stop::Row(format!("{at}/nodes{}", trouble.pointer)));
        }
        let found = match connection::find(&answer.text, nested.rest_at, Shape::Nodes) {
            Ok(found) => found,
            Err(Gap::Null(_)) => return Err(Stop::Row(nested.at.to_owned())),
            Err(Gap::Broken(what)) => return Err(Error::Page { what }.into()),
        };
        if !leaves_items && open_lists(found.rows) > 0 {
            return Err(undeclared().into());
        }
        let mut count = 0;
        for item in scan::elements(found.rows) {
            text.push_str(if std::mem::take(&mut is_first) { "" } else { "," });
            text.push_str(item);
            count += 1;
        }
        if text.len() > MOST_BYTES {
            return Err(Error::Capped {
                what: format!("`{}` of a row is longer than {} MiB", nested.at, MOST_BYTES >> 20),
                remedy: "it has to be a stream of its own: please report it".to_owned(),
            }
            .into());
        }
        steps.read(count)?;
        match found.next {
            Some(next) => next.clone_into(&mut cursor),
            None => return Ok(()),
        }
    }
}

/// How many lists within a text say that there is more of them.
pub(super) fn open_lists(text: &str) -> usize {
    const NAME: &str = "\"hasNextPage\"";
    let is_true = |(at, _): &(usize, &str)| {
        let value = text[at + NAME.len()..].trim_start().strip_prefix(':');
        value.is_some_and(|value| value.trim_start().starts_with("true"))
    };
    text.match_indices(NAME).filter(is_true).count()
}

pub(super) fn undeclared() -> Error {
    Error::Capped {
        what: "a list within a row is longer than the page of it that the query asks for"
            .to_owned(),
        remedy: "the query has to say how it is completed: please report it".to_owned(),
    }
}

/// Where a part of a text stands in it.
pub(super) fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENTS: Nested = Nested { at: "/comments", id: "/id", rest: "", rest_at: "" };

    #[test]
    fn a_list_that_goes_on_is_completed_before_its_bracket() {
        let check = |nodes: &str, text: &str, expected: &str| {
            let row = format!(
                r#"{{"id":1,"comments":{{"nodes":{nodes},"pageInfo":{{"hasNextPage":true,"endCursor":"c"}}}},"z":0}}"#
            );
            let open = list_in(&row, &COMMENTS).unwrap().unwrap();
            assert_eq!((open.is_empty, open.cursor.as_str()), (nodes == "[]", "\"c\""));
            let inserts = vec![Insert { at: open.end, text: text.to_owned() }];
            let mut out = Vec::new();
            Completed { inserts, faulty: None }.write(&row, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), row.replace(nodes, expected));
        };
        check("[{\"a\":1}]", ",{\"a\":2}", "[{\"a\":1},{\"a\":2}]");
        check("[ 1 , 2 ]", ",3,4", "[ 1 , 2 ,3,4]");
        check("[]", "3", "[3]");
        check("[]", "", "[]");
    }

    #[test]
    fn a_list_that_is_whole_or_not_there_is_left_alone() {
        for row in [
            r#"{"comments":{"nodes":[],"pageInfo":{"hasNextPage":false}}}"#,
            r#"{"comments":null}"#,
            r#"{"id":1}"#,
            "null",
        ] {
            assert_eq!(list_in(row, &COMMENTS).unwrap(), None, "{row}");
        }
        for row in [r#"{"comments":{"nodes":[]}}"#, r#"{"comments":[]}"#] {
            assert!(matches!(list_in(row, &COMMENTS), Err(Error::Page { .. })), "{row}");
        }
    }

    #[test]
    fn lists_that_go_on_are_counted_in_the_text() {
        for (text, expected) in [
            (r#"{"hasNextPage":true}"#, 1),
            (r#"[{"hasNextPage" : true},{"hasNextPage":false},{"hasNextPage":true}]"#, 2),
            (r#"{"a":"\"hasNextPage\":true","b":"hasNextPage"}"#, 0),
            (r#"{"hasNextPage":null}"#, 0),
        ] {
            assert_eq!(open_lists(text), expected, "{text}");
        }
    }
}
