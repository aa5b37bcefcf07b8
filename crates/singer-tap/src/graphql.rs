//! The source for GraphQL APIs: a query, its variables, and the connection through which it pages.
//!
//! [`Query`] is what an author writes. The way of an answer: `ask` sends the query and judges what
//! comes back by `fault`, with smaller pages (`size`) where the API cannot; `connection` finds the
//! rows in it; `nested` completes the lists within rows; `within` takes apart rows that only hold the
//! records; `walk` pushes them and goes on, for one partition or for a batch of them.

mod answer;
mod ask;
mod connection;
mod fault;
mod nested;
mod place;
mod query;
mod quota;
mod size;
mod walk;
mod within;

pub use query::{Nested, Query};
pub use quota::graphql_limits;
pub(crate) use walk::Left;

use singer_http::BoxFuture;

use crate::error::Error;
use crate::shortcut::RowShape;
use crate::sink::PageSink;
use crate::source::{Scan, Source};

impl Source for Query {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { walk::read(self, scan, pages, None).await.map(drop) })
    }
}

impl Query {
    /// Reads as a source does, gives rows a shape, and tells what is left for who gave it.
    pub(crate) async fn read_shaped(
        &self,
        scan: Scan<'_>,
        pages: &mut PageSink,
        shape: RowShape,
    ) -> Result<Left, Error> {
        walk::read(self, scan, pages, Some(shape)).await
    }
}

#[cfg(test)]
mod tests;
