//! Discovery: the catalog of a tap, and what its streams must keep to before anything is read.

use std::collections::BTreeSet;

use singer_protocol::{Catalog, CatalogEntry, Discovered, Layout, Method, Schema, lint};

use crate::error::Error;
use crate::replication::{Replication, cursor_kind};
use crate::stream::Stream;

/// The catalog of these streams, in their order.
///
/// # Errors
/// [`Error::Bug`] for a schema that breaks the dialect that targets take, or lacks the replication
/// key.
pub fn catalog(streams: &[Stream]) -> Result<Catalog, Error> {
    Ok(Catalog::new(streams.iter().map(entry).collect::<Result<_, Error>>()?))
}

/// The catalog entry of a stream.
fn entry(stream: &Stream) -> Result<CatalogEntry, Error> {
    let schema = stream.parsed_schema()?;
    check_schema(stream, schema)?;
    let replication_key = stream.replication_key();
    let valid: Vec<String> = replication_key.map(str::to_owned).into_iter().collect();
    let discovered = Discovered {
        stream: stream.name(),
        schema: schema.json(),
        key: stream.key_properties(),
        replication_key,
        valid_replication_keys: &valid,
        forced_replication_method: replication_key.is_none().then_some(Method::FullTable),
        parent: stream.parent_name(),
        selected_by_default: stream.is_selected_by_default(),
    };
    Ok(discovered.entry())
}

/// Checks what the tap's author promised of the list: names are unique, parents exist.
///
/// # Errors
/// [`Error::Bug`], naming stream and rule.
pub(crate) fn check(streams: &[Stream]) -> Result<(), Error> {
    let mut names = BTreeSet::new();
    for stream in streams {
        if !names.insert(stream.name()) {
            return Err(bug(stream, "is there twice".to_owned()));
        }
        if let Some(parent) = stream.parent_name()
            && !streams.iter().any(|other| other.name() == parent)
        {
            return Err(bug(stream, format!("has the parent `{parent}`, which does not exist")));
        }
    }
    Ok(())
}

/// Checks what the tap's author promised of a stream: its schema keeps to the dialect that every
/// target takes, and has the replication key.
fn check_schema(stream: &Stream, schema: &Schema) -> Result<(), Error> {
    let key: Vec<&str> = stream.key_properties().iter().map(String::as_str).collect();
    if let Some(violation) = lint(schema.json(), &key).first() {
        return Err(bug(stream, format!("breaks the dialect that targets take: {violation}")));
    }
    match stream.replication_key() {
        Some(key) if schema.property(key).is_none() => {
            Err(bug(stream, format!("has the replication key `{key}`, which its schema lacks")))
        }
        _ => Ok(()),
    }
}

fn bug(stream: &Stream, problem: String) -> Error {
    Error::Bug { what: format!("stream `{}` {problem}", stream.name()) }
}

/// What a reader of states must know of a stream.
pub(crate) fn layout(stream: &Stream) -> Result<Layout, Error> {
    let mut partitions = match stream.parent() {
        Some(parent) => vec![parent.fields.clone()],
        None => {
            let routes = stream.routes().iter().flat_map(|route| route.partitions.iter().flatten());
            let mut fields: Vec<Vec<String>> = Vec::new();
            for partition in routes {
                if !fields.iter().any(|known| known == partition.fields()) {
                    fields.push(partition.fields().to_vec());
                }
            }
            // The longest first: a context of owner and name is a repository, not an owner.
            fields.sort_by_key(|names| std::cmp::Reverse(names.len()));
            fields
        }
    };
    let cursor = match stream.replication() {
        Replication::FullTable => None,
        Replication::Incremental { key, .. } => {
            Some((key.clone(), cursor_kind(stream.parsed_schema()?, key)))
        }
    };
    // A partition without fields is the whole stream.
    partitions.retain(|fields| !fields.is_empty());
    Ok(Layout { partitions, cursor })
}
