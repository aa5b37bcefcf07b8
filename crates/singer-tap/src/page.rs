//! The seam between a page that was read and the request for the next one.

use serde_json::Value;
use singer_http::{Request, Response};
use singer_protocol::Cursor;

use crate::error::Error;

/// What a paginator may know of the page that was just read.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// The response; its links are resolved and guarded by [`Response::link`] and
    /// [`Response::resolve`].
    pub response: &'a Response,
    /// The request of the partition's first page.
    pub first: &'a Request,
    /// How many records it held.
    pub records: u64,
    /// The values at [`Paginator::needs`], in that order; `None` where the page has none.
    pub needed: &'a [Option<Value>],
    /// The values of the last record's key fields, in their order.
    pub last_key: Option<&'a [Value]>,
    /// The last replication key, if the stream is read in ascending order of one and kept to it.
    pub last_cursor: Option<&'a Cursor>,
}

/// What comes after a page.
#[derive(Clone, Debug)]
pub enum Next {
    /// Nothing: the list is read.
    Done,
    /// This request.
    Request(Box<Request>),
}

/// Finds the request for the page after a page. Pure: it holds no state, so that a page can be
/// read again and a run can be resumed.
///
/// The engine refuses a request that was made before in the same partition, so a paginator need
/// not watch for loops.
pub trait Paginator: Send + Sync {
    /// JSON pointers into a page's body whose values the paginator needs.
    fn needs(&self) -> Vec<String> {
        Vec::new()
    }

    /// Looks at a page before anything of it is taken, by the values at [`Paginator::needs`]: one that
    /// says that the API shows less than there is, is refused by [`Error::Capped`], and where the
    /// stream is read in windows, its window is halved.
    ///
    /// # Errors
    /// Why nothing of the page is taken.
    fn admit(&self, _needed: &[Option<Value>]) -> Result<(), Error> {
        Ok(())
    }

    /// Changes the first request of a partition, for instance by adding the page size.
    fn begin(&self, _request: &mut Request) {}

    /// The request for the page after `page`, which `request` fetched.
    ///
    /// # Errors
    /// A value that was declared is missing or of the wrong type: a missing cursor is not the end.
    fn next(&self, request: &Request, page: &Page<'_>) -> Result<Next, Error>;
}
