//! A transport that answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use url::Url;

use super::{FixedRandom, ManualClock};
use crate::clock::BoxFuture;
use crate::env::{Env, Unobserved, Untold};
use crate::spec::Deadlines;
use crate::transport::{Body, Break, Incoming, Outgoing, Transport, TransportError};

/// One scripted answer.
#[derive(Clone, Debug)]
pub struct Reply {
    head: Result<StatusCode, TransportError>,
    headers: HeaderMap,
    body: Bytes,
    latency: Duration,
    ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Whole,
    /// The connection breaks after so many bytes.
    Broken(usize),
    /// The body just stops after so many bytes, as if it were all.
    Silent(usize),
    /// Nothing more comes after so many bytes.
    Stalled(usize),
}

impl Reply {
    /// An answer with this status and no body.
    ///
    /// # Panics
    /// If it is no status.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a reply's status is a valid one");
        Self {
            head: Ok(status),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            latency: Duration::ZERO,
            ending: Ending::Whole,
        }
    }

    /// A 200 with a JSON body.
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self::status(200).header("content-type", "application/json").body(body)
    }

    /// No answer, but a break.
    pub fn broken(kind: Break) -> Self {
        Self { head: Err(TransportError::new(kind, "scripted")), ..Self::status(200) }
    }

    /// No answer at all, for ever.
    pub fn silence() -> Self {
        Self::status(200).after(Duration::MAX)
    }

    /// With one more header.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a reply's header has a valid name");
        let value = HeaderValue::from_str(value).expect("a reply's header has a valid value");
        self.headers.append(name, value);
        self
    }

    /// With this body and its length.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.headers.insert(header::CONTENT_LENGTH, self.body.len().into());
        self
    }

    /// Without the length, as a body that is chunked or ends with the connection.
    #[must_use]
    pub fn unsized_body(mut self) -> Self {
        self.headers.remove(header::CONTENT_LENGTH);
        self
    }

    /// The connection breaks after `bytes` of the body.
    #[must_use]
    pub fn cut_at(self, bytes: usize) -> Self {
        Self { ending: Ending::Broken(bytes), ..self }
    }

    /// The body ends after `bytes` without a sign, as one that ends with the connection.
    #[must_use]
    pub fn end_at(self, bytes: usize) -> Self {
        Self { ending: Ending::Silent(bytes), ..self }
    }

    /// Nothing more comes after `bytes` of the body.
    #[must_use]
    pub fn stall_at(self, bytes: usize) -> Self {
        Self { ending: Ending::Stalled(bytes), ..self }
    }

    /// The head comes after `latency` of virtual time.
    #[must_use]
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Bytes>,
    /// The virtual time when it was sent.
    pub at: Duration,
}

impl Sent {
    /// A header's text, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Answers each request with the next reply of its script. Clones share it.
#[derive(Clone, Debug)]
pub struct ScriptedTransport {
    clock: ManualClock,
    state: Arc<Mutex<(VecDeque<Reply>, Vec<Sent>)>>,
}

impl ScriptedTransport {
    /// A transport that gives `replies` in their order, its latencies on `clock`.
    pub fn new(clock: &ManualClock, replies: impl IntoIterator<Item = Reply>) -> Self {
        let state = Arc::new(Mutex::new((replies.into_iter().collect(), Vec::new())));
        Self { clock: clock.clone(), state }
    }

    /// All requests so far, in their order.
    pub fn sent(&self) -> Vec<Sent> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    fn next(&self, request: Outgoing) -> Reply {
        let Outgoing { method, url, headers, body } = request;
        let at = crate::clock::Clock::elapsed(&self.clock);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.1.push(Sent { method, url, headers, body, at });
        state.0.pop_front().expect("the script has a reply for each request")
    }
}

impl Transport for ScriptedTransport {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let reply = self.next(request);
        Box::pin(async move {
            if reply.latency > Duration::ZERO && !self.clock.pass(reply.latency) {
                std::future::pending::<()>().await;
            }
            let (clock, body, ending) = (self.clock.clone(), reply.body, reply.ending);
            let body = Box::new(ScriptedBody { clock, body, ending, at: 0 });
            Ok(Incoming { status: reply.head?, headers: reply.headers, body })
        })
    }
}

struct ScriptedBody {
    clock: ManualClock,
    body: Bytes,
    ending: Ending,
    at: usize,
}

impl Body for ScriptedBody {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        const PIECE: usize = 1000;
        Box::pin(async move {
            let end = match self.ending {
                Ending::Whole => self.body.len(),
                Ending::Broken(at) | Ending::Silent(at) | Ending::Stalled(at) => {
                    at.min(self.body.len())
                }
            };
            if self.at < end {
                let piece = self.body.slice(self.at..end.min(self.at + PIECE));
                self.at += piece.len();
                return Ok(Some(piece));
            }
            match self.ending {
                Ending::Whole | Ending::Silent(_) => Ok(None),
                Ending::Broken(_) => Err(TransportError::new(Break::Reset, "scripted")),
                Ending::Stalled(_) => {
                    self.clock.pass(Duration::MAX);
                    std::future::pending().await
                }
            }
        })
    }
}

/// An environment of `transport` and `clock` without jitter and observer.
pub fn env(transport: &ScriptedTransport, clock: &ManualClock) -> Env {
    Env {
        transport: Arc::new(transport.clone()),
        clock: Arc::new(clock.clone()),
        random: Arc::new(FixedRandom(0.0)),
        observer: Arc::new(Unobserved),
        secrets: Arc::new(Untold),
        tokens: None,
    }
}
