//! One exchange: a request goes out, an answer is read within its deadlines and caps.

use std::future::Future;
use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use crate::clock::Clock;
use crate::download::Rest;
use crate::exchange::Outcome;
use crate::gzip::{Gunzip, GunzipError};
use crate::kind::{BodyFault, Cap};
use crate::spares::Spares;
use crate::spec::{Caps, Deadlines};
use crate::text;
use crate::transport::{Body, Break, Incoming, Outgoing, Transport, TransportError};

/// Of an error's body, no more than this is read.
const ERROR_BODY: u64 = 64 << 10;

/// What an exchange needs beside the request.
pub(crate) struct Limits<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) deadlines: &'a Deadlines,
    pub(crate) caps: &'a Caps,
    pub(crate) spares: &'a Spares,
}

/// What came back, and what it took.
pub(crate) struct Fetched {
    pub(crate) head: Option<(StatusCode, HeaderMap)>,
    pub(crate) body: Result<Vec<u8>, Failure>,
    pub(crate) wire: u64,
    pub(crate) duration: Duration,
}

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Broken(TransportError),
    Body(BodyFault),
    TooLarge(Cap),
}

impl Fetched {
    pub(crate) fn outcome(&self) -> Outcome<'_> {
        match (&self.head, &self.body) {
            (Some((status, headers)), Ok(body)) => {
                Outcome::Answer { status: *status, headers, body }
            }
            (None, Ok(_)) => Outcome::BrokenBody(&BodyFault::Empty),
            (_, Err(Failure::Broken(error))) => Outcome::Broken(error),
            (_, Err(Failure::Body(fault))) => Outcome::BrokenBody(fault),
            (_, Err(Failure::TooLarge(cap))) => Outcome::TooLarge(*cap),
        }
    }
}

/// Sends `outgoing` and reads the answer to its end.
pub(crate) async fn fetch(
    transport: &dyn Transport,
    outgoing: Outgoing,
    limits: &Limits<'_>,
) -> Fetched {
    exchange(transport, outgoing, limits, None).await
}

/// Sends `outgoing` and reads the answer, but leaves the body of a success in `rest`.
pub(crate) async fn open(
    transport: &dyn Transport,
    outgoing: Outgoing,
    limits: &Limits<'_>,
    rest: &mut Option<Rest>,
) -> Fetched {
    exchange(transport, outgoing, limits, Some(rest)).await
}

async fn exchange(
    transport: &dyn Transport,
    outgoing: Outgoing,
    limits: &Limits<'_>,
    rest: Option<&mut Option<Rest>>,
) -> Fetched {
    let start = limits.clock.elapsed();
    let mut reader = Reader { limits, end: start + limits.deadlines.total, wire: 0 };
    let first_byte = limits.deadlines.first_byte;
    let answer = reader.within(first_byte, transport.send(outgoing, limits.deadlines)).await;
    let (head, body) = match answer {
        Err(error) => (None, Err(Failure::Broken(error))),
        Ok(Incoming { status, headers, body }) => {
            let body = match (reader.check_head(&headers), rest) {
                (Err(failure), _) => Err(failure),
                (Ok(()), Some(rest)) if status.is_success() => {
                    let opened = Rest::new(&headers, limits.caps, body);
                    opened.map(|opened| *rest = Some(opened)).map(|()| Vec::new())
                }
                (Ok(()), _) => reader.answer(status, &headers, body).await,
            };
            (Some((status, headers)), body)
        }
    };
    Fetched { head, body, wire: reader.wire, duration: limits.clock.elapsed() - start }
}

struct Reader<'a> {
    limits: &'a Limits<'a>,
    end: Duration,
    wire: u64,
}

impl Reader<'_> {
    async fn within<T>(
        &self,
        most: Duration,
        work: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let clock = self.limits.clock;
        let own = clock.elapsed() + most;
        let deadline = clock.until(own.min(self.end));
        tokio::select! {
            biased;
            done = work => done,
            () = deadline => {
                let total = self.limits.deadlines.total;
                let (what, most) =
                    if self.end < own { ("it was not complete", total) } else { ("nothing came", most) };
                let cause = format!("{what} within {}", text::span(most));
                Err(TransportError::new(Break::Timeout, &cause))
            }
        }
    }

    fn check_head(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let head: usize =
            headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if head > self.limits.caps.head {
            return Err(Failure::TooLarge(Cap::Head));
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        mut body: Box<dyn Body>,
    ) -> Result<Vec<u8>, Failure> {
        if status.is_success() {
            return self.page(headers, &mut *body).await;
        }
        // An error's body only helps to name the error: what is there of it will do.
        let mut sink =
            Sink::new(headers, self.limits.caps, Vec::new()).unwrap_or(Sink::Plain(Vec::new()));
        while self.wire < ERROR_BODY {
            let Ok(Some(chunk)) = self.within(self.limits.deadlines.idle, body.chunk()).await
            else {
                break;
            };
            self.wire += chunk.len() as u64;
            if sink.push(&chunk, self.limits.caps).is_err() {
                break;
            }
        }
        Ok(sink.into_partial())
    }

    async fn page(&mut self, headers: &HeaderMap, body: &mut dyn Body) -> Result<Vec<u8>, Failure> {
        let caps = self.limits.caps;
        let expected = content_length(headers);
        if expected.is_some_and(|bytes| bytes > caps.wire) {
            return Err(Failure::TooLarge(Cap::Wire));
        }
        let mut sink =
            Sink::new(headers, caps, self.limits.spares.take()).map_err(Failure::Body)?;
        loop {
            match self.within(self.limits.deadlines.idle, body.chunk()).await {
                Ok(Some(chunk)) => {
                    self.wire += chunk.len() as u64;
                    if self.wire > caps.wire {
                        return Err(Failure::TooLarge(Cap::Wire));
                    }
                    sink.push(&chunk, caps)?;
                }
                Ok(None) => break,
                Err(error) if error.kind == Break::Timeout => return Err(Failure::Broken(error)),
                Err(_) => return Err(self.short(expected)),
            }
        }
        if expected.is_some_and(|bytes| bytes != self.wire) {
            return Err(self.short(expected));
        }
        if self.wire == 0 { Ok(Vec::new()) } else { sink.finish() }
    }

    fn short(&self, expected: Option<u64>) -> Failure {
        Failure::Body(BodyFault::Short { got: self.wire, expected })
    }
}

pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return None;
    }
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// Where the pieces of a body go, by content encoding.
pub(crate) enum Sink {
    Plain(Vec<u8>),
    Gzip(Box<Gunzip>),
}

impl Sink {
    pub(crate) fn new(
        headers: &HeaderMap,
        caps: &Caps,
        mut memory: Vec<u8>,
    ) -> Result<Self, BodyFault> {
        let encoding = headers.get(header::CONTENT_ENCODING).map_or(&b""[..], |v| v.as_bytes());
        match encoding.trim_ascii().to_ascii_lowercase().as_slice() {
            b"" | b"identity" => {
                let room = content_length(headers).unwrap_or(0).min(1 << 20);
                memory.reserve(room as usize);
                Ok(Self::Plain(memory))
            }
            b"gzip" | b"x-gzip" => Ok(Self::Gzip(Box::new(Gunzip::new(caps, memory)))),
            other => Err(BodyFault::Encoding(text::clean(&String::from_utf8_lossy(other)))),
        }
    }

    fn push(&mut self, chunk: &[u8], caps: &Caps) -> Result<(), Failure> {
        match self {
            Self::Plain(bytes) if (bytes.len() + chunk.len()) as u64 > caps.decoded => {
                Err(Failure::TooLarge(Cap::Decoded))
            }
            Self::Plain(bytes) => {
                bytes.extend_from_slice(chunk);
                Ok(())
            }
            Self::Gzip(gunzip) => gunzip.push(chunk).map_err(Failure::from),
        }
    }

    fn finish(self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Plain(bytes) => Ok(bytes),
            Self::Gzip(mut gunzip) => gunzip.finish().map_err(Failure::from),
        }
    }

    fn into_partial(self) -> Vec<u8> {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Gzip(gunzip) => gunzip.into_partial(),
        }
    }
}

impl From<GunzipError> for Failure {
    fn from(error: GunzipError) -> Self {
        match error {
            GunzipError::Damaged => Self::Body(BodyFault::Damaged),
            GunzipError::TooLarge(cap) => Self::TooLarge(cap),
        }
    }
}
