//! Replication: how a stream is read again, what the user may choose of it, and how keys compare.

use singer_protocol::{CatalogEntry, CursorKind, Format, Kind, Method, ReplicationChoice, Schema};

use crate::error::Error;
use crate::stream::Stream;

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
}

/// The replication of a stream in this run.
#[derive(Clone, Debug)]
pub(crate) struct Incremental {
    pub(crate) key: String,
    pub(crate) kind: CursorKind,
    pub(crate) since: Since,
}

/// How values of a replication key compare, by the type that the schema gives it.
pub(crate) fn cursor_kind(schema: &Schema, key: &str) -> CursorKind {
    match schema.property(key).map(|property| &property.field.kind) {
        Some(Kind::Integer) => CursorKind::Integer,
        Some(Kind::String(Format::DateTime)) => CursorKind::Instant,
        _ => CursorKind::Text,
    }
}

/// What the catalog asks for, if the stream can do it.
pub(crate) fn chosen(
    stream: &Stream,
    schema: &Schema,
    entry: Option<&CatalogEntry>,
) -> Result<Option<Incremental>, Error> {
    let refuse = |problem: String| Error::Catalog { stream: stream.name().to_owned(), problem };
    let choice = entry.map(CatalogEntry::replication_choice).unwrap_or_default();
    let own = match stream.replication() {
        Replication::FullTable => None,
        Replication::Incremental { key, since } => {
            Some(Incremental { key: key.clone(), kind: cursor_kind(schema, key), since: *since })
        }
    };
    honour(own, &choice).map_err(refuse)
}

/// The replication that the user chose, or why it cannot be had.
fn honour(
    own: Option<Incremental>,
    choice: &ReplicationChoice,
) -> Result<Option<Incremental>, String> {
    match (choice.method, own) {
        (Some(Method::LogBased), _) => {
            Err("asks for LOG_BASED replication, which no API of this kind offers; choose INCREMENTAL or FULL_TABLE".to_owned())
        }
        (Some(Method::FullTable), _) => Ok(None),
        (Some(Method::Incremental), None) => {
            Err("asks for INCREMENTAL replication, but its API cannot tell what changed; choose FULL_TABLE".to_owned())
        }
        (_, None) => Ok(None),
        (_, Some(own)) => match &choice.key {
            Some(key) if *key != own.key => Err(format!(
                "asks for the replication key `{key}`, but its API can only be read by `{}`; choose that, or FULL_TABLE",
                own.key
            )),
            _ => Ok(Some(own)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(own: bool, method: Option<Method>, key: Option<&str>, expected: Result<bool, &str>) {
        let since = Since::Param("since");
        let own =
            own.then(|| Incremental { key: "at".to_owned(), kind: CursorKind::Instant, since });
        let choice = ReplicationChoice { method, key: key.map(str::to_owned) };
        match (honour(own, &choice), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found.is_some(), expected, "{choice:?}"),
            (Err(found), Err(part)) => assert!(found.contains(part), "{found}"),
            (found, _) => panic!("{choice:?} gives {found:?}"),
        }
    }

    #[test]
    fn the_users_replication_is_honoured_or_refused_with_the_reason() {
        check(true, None, None, Ok(true));
        check(true, Some(Method::Incremental), Some("at"), Ok(true));
        check(true, Some(Method::FullTable), None, Ok(false));
        check(true, Some(Method::FullTable), Some("other"), Ok(false));
        check(true, None, Some("other"), Err("can only be read by `at`"));
        check(true, Some(Method::LogBased), None, Err("LOG_BASED"));
        check(false, None, None, Ok(false));
        check(false, Some(Method::FullTable), None, Ok(false));
        check(false, Some(Method::Incremental), Some("at"), Err("cannot tell what changed"));
    }
}
