//! Queries in Salesforce's language:
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm>.

use chrono::{DateTime, SecondsFormat, SubsecRound as _, TimeDelta, Utc};
use singer_protocol::Cursor;

use crate::object::Object;

/// What is asked of one object.
#[derive(Clone, Debug)]
pub(crate) struct Query<'a> {
    pub(crate) object: &'a str,
    /// The fields, the identifier first.
    pub(crate) fields: Vec<&'a str>,
    /// The replication key with its bounds: the first value, and the one after the last.
    pub(crate) within: Option<Range<'a>>,
    /// The record after which to go on, in the order of the query.
    pub(crate) after: Option<After>,
    /// Whether records come in the order of the replication key and the identifier.
    pub(crate) is_ordered: bool,
}

/// A part of the order of a replication key.
#[derive(Clone, Debug)]
pub(crate) struct Range<'a> {
    pub(crate) key: &'a str,
    pub(crate) from: Option<Cursor>,
    pub(crate) to: Option<Cursor>,
}

/// A place in the order of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct After {
    /// The value of the replication key, if there is one.
    pub(crate) value: Option<Cursor>,
    /// The identifier of the last record with that value; none: all of them are wanted.
    pub(crate) id: Option<String>,
}

impl<'a> Query<'a> {
    /// A query for the identifiers of all records of an object.
    pub(crate) fn of(object: &'a Object) -> Query<'a> {
        let (name, fields) = (object.name.as_str(), vec![object.id]);
        Query { object: name, fields, within: None, after: None, is_ordered: false }
    }

    /// The text of the query.
    pub(crate) fn text(&self) -> String {
        let id = self.fields.first().copied().unwrap_or("Id");
        let mut conditions = Vec::new();
        if let Some(Range { key, from, to }) = &self.within {
            let from = self.after.as_ref().and_then(|after| after.value.as_ref()).or(from.as_ref());
            conditions.extend(from.map(|from| format!("{key} >= {}", literal(from, Bound::Lower))));
            conditions
                .extend(to.as_ref().map(|to| format!("{key} < {}", literal(to, Bound::Upper))));
        }
        if let Some(After { value, id: Some(last) }) = &self.after {
            let last = format!("{id} > {}", quoted(last));
            conditions.push(match (&self.within, value) {
                (Some(Range { key, .. }), Some(value)) => {
                    format!("({key} > {} OR {last})", literal(value, Bound::Lower))
                }
                _ => last,
            });
        }
        let mut text = format!("SELECT {} FROM {}", self.fields.join(","), self.object);
        if !conditions.is_empty() {
            text += &format!(" WHERE {}", conditions.join(" AND "));
        }
        if self.is_ordered {
            text += " ORDER BY ";
            if let Some(Range { key, .. }) = &self.within {
                text += &format!("{key},");
            }
            text += id;
        }
        text
    }

    /// The query for these fields of these records.
    pub(crate) fn of_records(&self, fields: &[&str], ids: &[&str]) -> String {
        let id = self.fields.first().copied().unwrap_or("Id");
        let ids: Vec<String> = ids.iter().map(|one| quoted(one)).collect();
        let fields = fields.join(",");
        format!("SELECT {id},{fields} FROM {} WHERE {id} IN ({})", self.object, ids.join(","))
    }
}

#[derive(Clone, Copy)]
enum Bound {
    Lower,
    Upper,
}

/// A date-time in whole milliseconds, as Salesforce keeps them, with nothing of the range left out.
fn literal(cursor: &Cursor, bound: Bound) -> String {
    let Cursor::Instant(at) = cursor else { return quoted(&cursor.to_string()) };
    let floor = at.trunc_subsecs(3);
    let at: DateTime<Utc> = match bound {
        Bound::Upper if floor < *at => floor + TimeDelta::milliseconds(1),
        _ => floor,
    };
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Cursor {
        Cursor::Instant(text.parse().expect("an instant"))
    }

    fn check(range: Option<(Option<&str>, Option<&str>)>, after: Option<After>, expected: &str) {
        let within = range.map(|(from, to)| Range {
            key: "SystemModstamp",
            from: from.map(at),
            to: to.map(at),
        });
        let query = Query {
            object: "Account",
            fields: vec!["Id", "Name"],
            within,
            after,
            is_ordered: true,
        };
        assert_eq!(query.text(), format!("SELECT Id,Name FROM Account{expected}"));
    }

    #[test]
    fn a_query_has_the_bounds_of_its_window_the_first_inclusive() {
        check(None, None, " ORDER BY Id");
        check(Some((None, None)), None, " ORDER BY SystemModstamp,Id");
        check(
            Some((Some("2026-01-02T03:04:05.0009Z"), Some("2026-02-01T00:00:00.0001Z"))),
            None,
            " WHERE SystemModstamp >= 2026-01-02T03:04:05.000Z AND SystemModstamp < 2026-02-01T00:00:00.001Z ORDER BY SystemModstamp,Id",
        );
    }

    #[test]
    fn a_query_goes_on_after_a_record_or_with_a_value() {
        let after = |value: Option<&str>, id: Option<&str>| {
            Some(After { value: value.map(at), id: id.map(str::to_owned) })
        };
        let range = Some((Some("2026-01-01T00:00:00Z"), None));
        let value = Some("2026-01-03T00:00:00Z");
        check(
            range,
            after(value, Some("001A")),
            " WHERE SystemModstamp >= 2026-01-03T00:00:00.000Z AND (SystemModstamp > 2026-01-03T00:00:00.000Z OR Id > '001A') ORDER BY SystemModstamp,Id",
        );
        check(
            range,
            after(value, None),
            " WHERE SystemModstamp >= 2026-01-03T00:00:00.000Z ORDER BY SystemModstamp,Id",
        );
        check(None, after(None, Some("00'1\\")), " WHERE Id > '00\\'1\\\\' ORDER BY Id");
    }
}
