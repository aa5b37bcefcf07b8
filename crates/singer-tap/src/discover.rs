//! Discovery: the catalog of a tap, and what its streams must keep to before anything is read.

use std::collections::BTreeSet;

use singer_protocol::{
    Catalog, CatalogEntry, CursorKind, Discovered, Layout, Method, Schema, lint,
};

use crate::error::Error;
use crate::replication;
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
pub(crate) fn entry(stream: &Stream) -> Result<CatalogEntry, Error> {
    // The schema is kept by streams that are read only.
    let stream = &stream.clone();
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
        forced_replication_method: match replication_key {
            Some(_) => None,
            None if stream.follows() => Some(Method::Incremental),
            None => Some(Method::FullTable),
        },
        parent: stream.parent_name(),
        selected_by_default: stream.is_selected_by_default(),
        fields_selected_by_default: stream.are_fields_selected_by_default(),
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
        let has_children = streams.iter().any(|other| other.parent_name() == Some(stream.name()));
        if stream.follows() && (has_children || stream.replication_key().is_some()) {
            let rule = "follows its parent, so it has neither children nor a replication key";
            return Err(bug(stream, rule.to_owned()));
        }
        if stream.may_batch() && (has_children || stream.replication_key().is_some()) {
            let rule = "is read in batches, so it has neither children nor a replication key";
            return Err(bug(stream, rule.to_owned()));
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
    if let Some(own) = replication::own(stream, schema)
        && own.since.window_size().is_some()
        && own.kind == CursorKind::Text
    {
        let rule = "is read in windows, so its replication key is a date-time or whole seconds";
        return Err(bug(stream, rule.to_owned()));
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

/// What a reader of states must know of a stream among these.
pub(crate) fn layout(streams: &[Stream], name: &str) -> Option<Layout> {
    let stream = streams.iter().find(|stream| stream.name() == name)?;
    // The bookmark of a stream that follows is that of its parent's partition, over its key.
    let kept_by = match stream.parent_name().filter(|_| stream.follows()) {
        Some(parent) => streams.iter().find(|stream| stream.name() == parent)?,
        None => stream,
    };
    let schema = kept_by.parsed_schema().ok()?;
    let cursor = replication::own(kept_by, schema).map(|own| (own.key, own.kind));
    Some(Layout { partitions: partitions(kept_by), cursor })
}

/// The fields that name the partitions of a stream, once for every way to name them.
fn partitions(stream: &Stream) -> Vec<Vec<String>> {
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
    // A partition without fields is the whole stream.
    partitions.retain(|fields| !fields.is_empty());
    partitions
}
