//! A cheaper way to a stream's records, for where it gives all that is selected.

use std::collections::HashSet;
use std::fmt;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::Value;
use singer_http::{BoxFuture, Kind, Scope};

use crate::error::Error;
use crate::graphql::Query;
use crate::partition::Context;
use crate::refusal::Refused;
use crate::rest::Rest;
use crate::sink::PageSink;
use crate::source::{Scan, Source};

/// Makes the record of a row, as the stream's routes give it, from the row's JSON text and the
/// context of its partition; none where that cannot be told from the row.
pub type RowShape = fn(row: &str, context: &Context) -> Option<String>;

/// A query that gives some fields of a stream's records, of many parents at once.
///
/// It is taken instead of the stream's routes where every selected field is one of its own. Then
/// the records are the same whichever way they were read: a parent with a row whose shape cannot be
/// made, or of which the query is refused, is read by the routes.
#[derive(Clone)]
pub struct Shortcut {
    query: Query,
    batch: usize,
    fields: HashSet<String>,
    shape: RowShape,
}

impl Shortcut {
    /// A way by `query`, which asks for so many parents at once ([`Query::of_parents`]). `fields` are
    /// those that it gives, names joined by dots, of list items too: `labels.name`.
    pub fn new(
        query: Query,
        batch: usize,
        fields: impl IntoIterator<Item: Into<String>>,
        shape: RowShape,
    ) -> Shortcut {
        Shortcut { query, batch, fields: fields.into_iter().map(Into::into).collect(), shape }
    }

    /// How many parents it asks for at once.
    pub(crate) fn batch_size(&self) -> usize {
        self.batch
    }

    /// Whether it gives every field of this schema.
    pub(crate) fn covers(&self, schema: &Value) -> bool {
        self.covers_within(schema, &mut Vec::new())
    }

    fn covers_within<'s>(&self, schema: &'s Value, path: &mut Vec<&'s str>) -> bool {
        if let Some(items) = schema.get("items") {
            return self.covers_within(items, path);
        }
        match schema.get("properties").and_then(Value::as_object) {
            Some(fields) if !fields.is_empty() => fields.iter().all(|(name, field)| {
                path.push(name);
                let covers = self.covers_within(field, path);
                path.pop();
                covers
            }),
            _ => self.fields.contains(path.join(".").as_str()),
        }
    }

    /// The source that takes this way, and what it cannot have by these routes.
    pub(crate) fn source(&self, rest: Rest) -> impl Source + use<> {
        let Shortcut { query, shape, .. } = self.clone();
        Shortened { query, shape, rest, is_refused: AtomicBool::new(false) }
    }
}

impl fmt::Debug for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shortcut").field("query", &self.query).finish_non_exhaustive()
    }
}

/// Reads by a query, and the rest by routes.
struct Shortened {
    query: Query,
    shape: RowShape,
    rest: Rest,
    /// The API does not know the query: an older version, most likely.
    is_refused: AtomicBool,
}

impl Source for Shortened {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let left = if self.is_refused.load(Relaxed) {
                scan.batch.to_vec()
            } else {
                let left = self.query.read_shaped(scan, pages, self.shape).await?;
                if let Some(error) = left.refused.filter(|_| !self.is_refused.load(Relaxed)) {
                    self.is_refused.store(is_for_good(&error), Relaxed);
                    tracing::warn!(
                        "[GQL05] a query for many parents at once cannot be answered ({error}); they are read one by one"
                    );
                }
                left.partitions
            };
            for partition in &left {
                pages.within(partition);
                let alone = Scan { partition, batch: slice::from_ref(partition), ..scan };
                match self.rest.read(alone, pages).await {
                    Err(error) if error.scope() == Scope::Partition && scan.batch.len() > 1 => {
                        pages.fail(partition, error);
                    }
                    read => read?,
                }
            }
            Ok(())
        })
    }
}

/// Whether the same query need not be tried again in this run.
fn is_for_good(error: &Error) -> bool {
    match error {
        Error::Graphql(refusal) => refusal.refused == Refused::Wrong,
        Error::Http(error) => matches!(error.kind(), Kind::Missing),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
