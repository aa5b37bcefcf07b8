//! An answer whose body is read piece by piece, for what is larger than memory should be.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::breaker::Health;
use crate::client::Shared;
use crate::clock::Clock;
use crate::error::{Error, Site};
use crate::fetch::{Failure, Sink, content_length};
use crate::kind::{BodyFault, Kind};
use crate::response::Response;
use crate::spec::Caps;
use crate::text;
use crate::transport::{Body, Break, TransportError};
use crate::turns::Turn;

/// A page whose head is here, and whose body is still to be read.
///
/// It counts as a request in flight until it is dropped. Each piece has to come within the idle deadline;
/// how long all of it takes is up to the reader.
pub struct Download<'a> {
    head: Response,
    rest: Rest,
    turn: Turn<'a>,
    shared: &'a Shared,
    site: Box<Site>,
}

impl<'a> Download<'a> {
    pub(crate) fn new(
        head: Response,
        rest: Rest,
        turn: Turn<'a>,
        shared: &'a Shared,
        site: Box<Site>,
    ) -> Self {
        Self { head, rest, turn, shared, site }
    }

    /// The answer without its body.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// The next piece of the body, decompressed; none after the last, and then the body is whole.
    ///
    /// # Errors
    /// It ended early, or is damaged: what came of it before may be a part of a page only.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let Shared { env, spec, counters, .. } = self.shared;
        let before = self.rest.wire;
        let piece = self.rest.piece(&*env.clock, spec.deadlines.idle).await;
        counters.wire.fetch_add(self.rest.wire - before, Relaxed);
        if let Ok(Some(piece)) = &piece {
            counters.decoded.fetch_add(piece.len() as u64, Relaxed);
        }
        piece.map_err(|failure| {
            let kind = match failure {
                Failure::Broken(TransportError { kind: Break::Timeout, cause }) => {
                    self.turn.tells(Health::TimedOut);
                    Kind::TimedOut(cause)
                }
                Failure::Broken(error) => Kind::Dropped(error.cause),
                Failure::Body(fault) => Kind::Body(fault),
                Failure::TooLarge(cap) => Kind::TooLarge(cap),
            };
            Error::new(kind, self.site.clone())
        })
    }
}

impl std::fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Download({:?}, {} bytes so far)", self.head, self.rest.wire)
    }
}

/// What is decompressed at once: a piece is not much larger than what comes of so many bytes.
const SLICE: usize = 16 << 10;

/// The unread body of a success.
pub(crate) struct Rest {
    body: Box<dyn Body>,
    sink: Sink,
    /// What came and is not decompressed yet.
    waiting: Bytes,
    expected: Option<u64>,
    wire: u64,
    is_over: bool,
}

impl Rest {
    pub(crate) fn new(
        headers: &HeaderMap,
        caps: &Caps,
        body: Box<dyn Body>,
    ) -> Result<Self, Failure> {
        let sink = Sink::new(headers, caps, Vec::new()).map_err(Failure::Body)?;
        let (expected, waiting) = (content_length(headers), Bytes::new());
        Ok(Self { body, sink, waiting, expected, wire: 0, is_over: false })
    }

    async fn piece(&mut self, clock: &dyn Clock, idle: Duration) -> Result<Option<Bytes>, Failure> {
        while !self.is_over {
            let piece = if self.waiting.is_empty() {
                match self.chunk(clock, idle).await? {
                    Some(chunk) => {
                        self.wire += chunk.len() as u64;
                        self.waiting = chunk;
                        continue;
                    }
                    None => self.end()?,
                }
            } else {
                self.decoded()?
            };
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    async fn chunk(&mut self, clock: &dyn Clock, idle: Duration) -> Result<Option<Bytes>, Failure> {
        let deadline = clock.until(clock.elapsed() + idle);
        tokio::select! {
            biased;
            chunk = self.body.chunk() => chunk.map_err(|_| self.short()),
            () = deadline => {
                let cause = format!("nothing came within {}", text::span(idle));
                Err(Failure::Broken(TransportError::new(Break::Timeout, &cause)))
            }
        }
    }

    fn decoded(&mut self) -> Result<Bytes, Failure> {
        let slice = self.waiting.split_to(self.waiting.len().min(SLICE));
        match &mut self.sink {
            Sink::Plain(_) => Ok(slice),
            Sink::Gzip(gunzip) => {
                gunzip.push(&slice).map_err(Failure::from)?;
                Ok(gunzip.take().into())
            }
        }
    }

    fn end(&mut self) -> Result<Bytes, Failure> {
        self.is_over = true;
        if self.expected.is_some_and(|bytes| bytes != self.wire) {
            return Err(self.short());
        }
        match &mut self.sink {
            Sink::Gzip(gunzip) if self.wire > 0 => {
                Ok(gunzip.finish().map_err(Failure::from)?.into())
            }
            _ => Ok(Bytes::new()),
        }
    }

    fn short(&self) -> Failure {
        Failure::Body(BodyFault::Short { got: self.wire, expected: self.expected })
    }
}
