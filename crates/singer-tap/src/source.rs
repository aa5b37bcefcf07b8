//! The seam through which records come into the engine.

use singer_http::{BoxFuture, Client, Response};
use singer_protocol::Cursor;

use crate::changes::Listed;
use crate::error::Error;
use crate::partition::Partition;
use crate::replication::Since;
use crate::sink::PageSink;
use crate::window::Window;

/// One partition of one stream, to be read from its start to its end.
#[derive(Clone, Copy)]
pub struct Scan<'a> {
    /// Sends requests, politely.
    pub client: &'a Client,
    /// What is read; of a batch the first.
    pub partition: &'a Partition,
    /// All partitions that are read together: more than one where the stream declares a batch.
    /// [`PageSink::within`] says whose records the next pages hold.
    pub batch: &'a [Partition],
    /// Whom its requests are about: see [`Stream::audience`](crate::Stream::audience).
    pub audience: Option<&'a str>,
    /// Which of the stream's routes the partition belongs to.
    pub route: usize,
    /// How the API is asked for what changed; none: it is not.
    pub since: Option<Since>,
    /// Where to begin, inclusive; none: at the beginning.
    pub from: Option<&'a Cursor>,
    /// The window to read, of a stream that is read in windows.
    pub window: Option<&'a Window>,
    /// Of changes, what the list has given in this run: see [`Listed::has`].
    pub listed: Option<&'a Listed>,
    /// Whether an earlier run could not read it, so that it is tried once more.
    pub again: bool,
    /// Whether one page is enough, as for `--test`.
    pub probe: bool,
}

/// Reads partitions page by page and pushes each page into a sink.
///
/// A stream's routes are the usual source; a tap brings its own where an API cannot be described
/// by paths and pages.
pub trait Source: Send + Sync {
    /// Reads one partition. Returning `Ok` says that it was read to its end (or to where
    /// [`PageSink::is_done`] said that the rest is known), and lets the bookmark move there.
    ///
    /// # Errors
    /// Whatever kept the partition from being read; an error must never become an empty page.
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>>;
}

/// Completes a page by further requests, such as lists within its records that go on elsewhere.
pub trait Complete: Send + Sync {
    /// The page with nothing missing. Most pages need no request.
    ///
    /// # Errors
    /// What is missing could not be had: the page is not taken. [`Error::Body`] has it asked for again,
    /// a few times.
    fn complete<'a>(
        &'a self,
        scan: &'a Scan<'a>,
        page: Response,
    ) -> BoxFuture<'a, Result<Response, Error>>;
}
