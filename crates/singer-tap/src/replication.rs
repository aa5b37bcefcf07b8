//! Replication: how a stream is read again, what the user may choose of it, and how keys compare.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use singer_protocol::{
    CatalogEntry, Cursor, CursorKind, Format, Kind, Method, ReplicationChoice, Schema,
};

use crate::error::Error;
use crate::stream::Stream;
use crate::sync::Run;
use crate::window;

/// How a stream is read on the next run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replication {
    /// Whole, every time.
    FullTable,
    /// From the bookmark on.
    Incremental {
        /// The field whose value is the bookmark.
        key: String,
        /// How the API is asked for what changed.
        since: Since,
    },
}

/// How records at or after the bookmark are had from the API. All forms are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// A query parameter takes the bookmark, and records come in ascending order of it: the
    /// bookmark moves with every page.
    Param(&'static str),
    /// A query parameter takes the bookmark, but the order is another one: the bookmark moves when
    /// the partition has been read to its end.
    UnorderedParam(&'static str),
    /// Records come newest first: reading ends at the first one below the bookmark. What a run
    /// that was cut short has read is kept as intervals.
    StopAt,
    /// The API can neither filter nor sort by it: all is read, older records are not emitted, and
    /// the bookmark moves when the partition has been read to its end.
    Scan,
    /// The key says how far a stream was seen, but a change need not move it: all is read and
    /// emitted every time.
    Reread,
    /// Two query parameters take the bounds of a window: records from the first on, up to but not
    /// with the second, in any order. What was read is kept as intervals; windows are read side by
    /// side, and grow and shrink with what they hold. The key is an instant, or whole seconds
    /// since 1970.
    Window {
        /// The parameter of the first value, inclusive.
        from: &'static str,
        /// The parameter of the value after the last, exclusive.
        to: &'static str,
        /// How long the first window is.
        size: Duration,
    },
    /// The same with both bounds in one query parameter, `from..to` in whole seconds, both
    /// inclusive, and `*` where there is none.
    Range {
        /// The parameter; without bounds it is not sent.
        param: &'static str,
        /// How long the first window is.
        size: Duration,
    },
    /// A source of the tap's own reads windows, from the first value on, up to but not with the second;
    /// otherwise as `Window`.
    Windows {
        /// How long the first window is.
        size: Duration,
    },
    /// A source of the tap's own reads intervals of this size, counted from the beginning of 1970 on, each
    /// as a window, and none before it is over and the stream's lag with it. The first may be shorter.
    Intervals {
        /// How long each is.
        size: Duration,
    },
}

impl Since {
    /// How long the first window is of a stream that is read in windows.
    pub(crate) fn window_size(self) -> Option<Duration> {
        match self {
            Since::Window { size, .. }
            | Since::Range { size, .. }
            | Since::Windows { size }
            | Since::Intervals { size } => Some(size),
            _ => None,
        }
    }
}

/// The replication of a stream in this run.
#[derive(Clone, Debug)]
pub(crate) struct Incremental {
    pub(crate) key: String,
    pub(crate) kind: CursorKind,
    pub(crate) since: Since,
}

impl Incremental {
    /// The value of the key at an instant, if it tells time.
    pub(crate) fn at(&self, instant: DateTime<Utc>) -> Option<Cursor> {
        let tells_time = self.kind == CursorKind::Instant || self.since.window_size().is_some();
        tells_time.then(|| window::cursor_at(self.kind, instant)).flatten()
    }

    /// The start date of the run as a value of the key.
    pub(crate) fn at_start(&self, run: &Run) -> Option<Cursor> {
        self.at(run.settings.start_date?.0)
    }

    /// The end date of the run as a value of the key.
    pub(crate) fn at_end(&self, run: &Run) -> Option<Cursor> {
        self.at(run.settings.end_date?.0)
    }

    /// A value so much later; one that tells no time does not move.
    pub(crate) fn shifted(&self, value: &Cursor, by: TimeDelta) -> Cursor {
        match self.at(DateTime::UNIX_EPOCH) {
            Some(_) => window::shifted(value, by),
            None => value.clone(),
        }
    }
}

/// How values of a replication key compare, by the type that the schema gives it.
pub(crate) fn cursor_kind(schema: &Schema, key: &str) -> CursorKind {
    match schema.property(key).map(|property| &property.field.kind) {
        Some(Kind::Integer) => CursorKind::Integer,
        Some(Kind::String(Format::DateTime | Format::UnixTime)) => CursorKind::Instant,
        _ => CursorKind::Text,
    }
}

/// How a stream is read in this run.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    /// Whole.
    Full,
    /// From its bookmark on.
    Incremental(Incremental),
    /// For the records of its parent that changed.
    Follows,
}

/// What the catalog asks for, if the stream can do it.
pub(crate) fn chosen(
    stream: &Stream,
    schema: &Schema,
    entry: Option<&CatalogEntry>,
) -> Result<Chosen, Error> {
    let refuse = |problem: String| Error::Catalog { stream: stream.name().to_owned(), problem };
    let choice = entry.map(CatalogEntry::replication_choice).unwrap_or_default();
    let own = match own(stream, schema) {
        Some(own) => Chosen::Incremental(own),
        None if stream.follows() => Chosen::Follows,
        None => Chosen::Full,
    };
    honour(own, &choice).map_err(refuse)
}

/// The replication that a stream declares.
pub(crate) fn own(stream: &Stream, schema: &Schema) -> Option<Incremental> {
    match stream.replication() {
        Replication::FullTable => None,
        Replication::Incremental { key, since } => {
            Some(Incremental { key: key.clone(), kind: cursor_kind(schema, key), since: *since })
        }
    }
}

/// The replication that the user chose, or why it cannot be had.
fn honour(own: Chosen, choice: &ReplicationChoice) -> Result<Chosen, String> {
    match (choice.method, own) {
        (Some(Method::LogBased), _) => {
            Err("asks for LOG_BASED replication, which no API of this kind offers; choose INCREMENTAL or FULL_TABLE".to_owned())
        }
        (Some(Method::FullTable), _) => Ok(Chosen::Full),
        (Some(Method::Incremental), Chosen::Full) => {
            Err("asks for INCREMENTAL replication, but its API cannot tell what changed; choose FULL_TABLE".to_owned())
        }
        (_, Chosen::Incremental(own)) => match &choice.key {
            Some(key) if *key != own.key => Err(format!(
                "asks for the replication key `{key}`, but its API can only be read by `{}`; choose that, or FULL_TABLE",
                own.key
            )),
            _ => Ok(Chosen::Incremental(own)),
        },
        (_, own) => Ok(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(own: Own, method: Option<Method>, key: Option<&str>, expected: Result<Own, &str>) {
        let since = Since::Param("since");
        let own = match own {
            Own::Full => Chosen::Full,
            Own::Key => Chosen::Incremental(Incremental {
                key: "at".to_owned(),
                kind: CursorKind::Instant,
                since,
            }),
            Own::Parent => Chosen::Follows,
        };
        let choice = ReplicationChoice { method, key: key.map(str::to_owned) };
        match (honour(own, &choice), expected) {
            (Ok(found), Ok(expected)) => {
                let found = match found {
                    Chosen::Full => Own::Full,
                    Chosen::Incremental(_) => Own::Key,
                    Chosen::Follows => Own::Parent,
                };
                assert_eq!(found, expected, "{choice:?}");
            }
            (Err(found), Err(part)) => assert!(found.contains(part), "{found}"),
            (found, _) => panic!("{choice:?} gives {found:?}"),
        }
    }

    #[derive(Debug, PartialEq)]
    enum Own {
        Full,
        Key,
        Parent,
    }

    #[test]
    fn the_users_replication_is_honoured_or_refused_with_the_reason() {
        check(Own::Key, None, None, Ok(Own::Key));
        check(Own::Key, Some(Method::Incremental), Some("at"), Ok(Own::Key));
        check(Own::Key, Some(Method::FullTable), None, Ok(Own::Full));
        check(Own::Key, Some(Method::FullTable), Some("other"), Ok(Own::Full));
        check(Own::Key, None, Some("other"), Err("can only be read by `at`"));
        check(Own::Key, Some(Method::LogBased), None, Err("LOG_BASED"));
        check(Own::Full, None, None, Ok(Own::Full));
        check(Own::Full, Some(Method::FullTable), None, Ok(Own::Full));
        check(Own::Full, Some(Method::Incremental), Some("at"), Err("cannot tell what changed"));
        check(Own::Parent, None, None, Ok(Own::Parent));
        check(Own::Parent, Some(Method::Incremental), None, Ok(Own::Parent));
        check(Own::Parent, Some(Method::FullTable), None, Ok(Own::Full));
    }
}
