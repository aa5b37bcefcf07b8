//! Records that are the items of a list within each row.

use serde_json::Value;
use singer_protocol::scan;

use crate::error::Error;
use crate::source::Scan;

use super::connection::{self, Gap};
use super::nested::Completer;
use super::query::{Nested, Query, Shape};

/// Where in a row the records are, and what of the row they are given.
#[derive(Clone, Debug)]
pub(super) struct Within {
    pub(super) list: Nested,
    /// The name that a value has in the record, and where it is in the row.
    pub(super) given: Vec<(&'static str, &'static str)>,
}

/// Takes the records out of rows.
#[derive(Debug)]
pub(super) struct Opener<'a> {
    within: &'a Within,
    completer: Completer<'a>,
}

/// A record of a row, and what failed in it, as JSON pointers.
#[derive(Debug, PartialEq)]
pub(super) struct Opened {
    pub(super) text: String,
    pub(super) troubles: Vec<String>,
}

impl<'a> Opener<'a> {
    pub(super) fn new(query: &'a Query, scan: &Scan<'a>) -> Option<Opener<'a>> {
        let within = query.within.as_ref()?;
        let completer = Completer::of_rows(std::slice::from_ref(&within.list), query, scan);
        Some(Opener { within, completer })
    }

    /// The records of a row. One whose records are not all there is given itself, to be rejected.
    ///
    /// # Errors
    /// What kept its list from being completed, unless that is a matter of this row alone.
    pub(super) async fn open(
        &mut self,
        row: &str,
        troubles: &[&str],
    ) -> Result<Vec<Opened>, Error> {
        let of_records: Option<Vec<(usize, &str)>> =
            troubles.iter().map(|pointer| of_record(self.within.list.at, pointer)).collect();
        let Some(of_records) = of_records else {
            return Ok(vec![itself(row, troubles.iter().map(|&pointer| pointer.to_owned()))]);
        };
        let completed = self.completer.complete(row).await?;
        if let Some(pointer) = completed.faulty {
            return Ok(vec![itself(row, [pointer])]);
        }
        let mut text = Vec::with_capacity(row.len());
        completed.write(row, &mut text);
        let text = String::from_utf8_lossy(&text);
        let mut records = split(self.within, &text)?;
        for (at, pointer) in of_records {
            if let Some(record) = records.get_mut(at) {
                record.troubles.push(pointer.to_owned());
            }
        }
        Ok(records)
    }
}

fn itself(row: &str, troubles: impl IntoIterator<Item = String>) -> Opened {
    Opened { text: row.to_owned(), troubles: troubles.into_iter().collect() }
}

/// The record that a pointer into a row leads to, and the way within it.
fn of_record<'p>(list: &str, pointer: &'p str) -> Option<(usize, &'p str)> {
    let rest = pointer.strip_prefix(list)?.strip_prefix("/nodes/")?;
    let (index, _) = rest.split_once('/').unwrap_or((rest, ""));
    Some((index.parse().ok()?, &rest[index.len()..]))
}

fn split(within: &Within, row: &str) -> Result<Vec<Opened>, Error> {
    let rows = match connection::find(row, within.list.at, Shape::Nodes) {
        Ok(found) => found.rows,
        Err(Gap::Null(_)) => return Ok(Vec::new()),
        // A row of a type that does not have the list.
        Err(Gap::Broken(_)) if scan::at(row, within.list.at).is_none() => return Ok(Vec::new()),
        Err(Gap::Broken(what)) => return Err(Error::Page { what }),
    };
    let given: Vec<String> = within
        .given
        .iter()
        .map(|(name, at)| format!("{}:{}", Value::from(*name), scan::at(row, at).unwrap_or("null")))
        .collect();
    let given = given.join(",");
    let record = |item: &str| {
        let text = match item.strip_prefix('{').map(str::trim_start) {
            Some(rest) if given.is_empty() || rest == "}" => format!("{{{given}{rest}"),
            Some(rest) => format!("{{{given},{rest}"),
            None => item.to_owned(),
        };
        Opened { text, troubles: Vec::new() }
    };
    Ok(scan::elements(rows).map(record).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, expected: &[&str]) {
        let list = Nested { at: "/replies", id: "/id", rest: "", rest_at: "" };
        let within = Within { list, given: vec![("comment_id", "/id"), ("none", "/none")] };
        let found = split(&within, row).unwrap();
        let texts: Vec<&str> = found.iter().map(|record| record.text.as_str()).collect();
        assert_eq!(texts, expected, "{row}");
    }

    #[test]
    fn records_are_given_what_is_their_rows() {
        let row = |nodes: &str| {
            format!(
                r#"{{"id": 7, "replies": {{"nodes": {nodes}, "pageInfo": {{"hasNextPage": false}}}}}}"#
            )
        };
        let given = |rest: &str| format!(r#"{{"comment_id":7,"none":null{rest}"#);
        check(&row(r#"[{"a": 1}, { "b": 2}]"#), &[&given(r#","a": 1}"#), &given(r#","b": 2}"#)]);
        check(&row("[{ }, null]"), &[&given("}"), "null"]);
        check(&row("[]"), &[]);
        check(r#"{"id": 7, "replies": null}"#, &[]);
        check(r#"{"id": 7}"#, &[]);
        check("null", &[]);
    }

    #[test]
    fn an_error_is_of_a_record_or_of_its_row() {
        for (pointer, expected) in [
            ("/replies/nodes/3/author/id", Some((3, "/author/id"))),
            ("/replies/nodes/3", Some((3, ""))),
            ("/replies/nodes", None),
            ("/replies", None),
            ("/author", None),
            ("", None),
        ] {
            assert_eq!(of_record("/replies", pointer), expected, "{pointer}");
        }
    }
}
