//! An exchange as the classifier sees it, and the verdicts that it may pass.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode};

use crate::kind::{BodyFault, Cap, Kind};
use crate::meaning::Said;
use crate::request::Expect;
use crate::transport::TransportError;

/// One exchange and what went before it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// Whether sending it twice does no harm.
    pub repeatable: bool,
    /// How often it is sent at most, see [`Request`](crate::Request).
    pub most_attempts: u32,
    /// Which answers are pages.
    pub expect: &'a Expect,
    /// Whether a rejected credential can be replaced.
    pub can_refresh: bool,
    /// What came back.
    pub outcome: Outcome<'a>,
    /// What the API says of it in its own words, see [`Rules::reads`](crate::Rules::reads).
    pub said: Option<&'a Said>,
    /// What came back before.
    pub tries: Tries,
    /// The server's clock as far as it is known, for answers without `Date`.
    pub now: DateTime<Utc>,
}

/// What came back.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// A whole answer; of an error's body, as much as was worth reading.
    Answer {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: &'a HeaderMap,
        /// The decoded body.
        body: &'a [u8],
    },
    /// No answer.
    Broken(&'a TransportError),
    /// A success whose body could not be read to its end.
    BrokenBody(&'a BodyFault),
    /// An answer over its cap.
    TooLarge(Cap),
}

/// What came back before, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Failures that count towards [`MOST_ATTEMPTS`](crate::MOST_ATTEMPTS).
    pub failed: u32,
    /// Of them, broken bodies.
    pub bodies: u32,
    /// Of them, names that did not resolve.
    pub names: u32,
    /// Connections that closed before an answer and were replaced at once.
    pub races: u32,
    /// Waits for a limit.
    pub waits: u32,
    /// Times that something was not found.
    pub missing: u32,
    /// Times that the credential was replaced.
    pub refreshed: u32,
    /// Times that the answer was not ready.
    pub pending: u32,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A page.
    Ok,
    /// A page without records.
    Empty,
    /// Go where `Location` says, if that is allowed.
    Redirect,
    /// Try again at once: the connection was already closed when it was used.
    RetryNow,
    /// Try again after a wait, the server's or else our own; `last` if there is no time left.
    Retry {
        /// The counter to raise.
        class: Class,
        /// The wait that the server asks for.
        after: Option<Duration>,
        /// The error that it is otherwise.
        last: Kind,
    },
    /// The quota is spent: wait for the reset.
    Quota {
        /// Until the reset.
        wait: Duration,
        /// Whether the reset was guessed or clamped.
        odd: bool,
    },
    /// A secondary limit: wait, and send less.
    Secondary(Duration),
    /// Too many long requests at the same time: wait, then send one at a time.
    Crowded(Duration),
    /// The answer is being prepared: ask again after this time.
    Pending(Duration),
    /// Replace the credential, then try again.
    Refresh,
    /// Ask once more after this time.
    Confirm(Duration),
    /// Give up.
    Fail(Kind),
}

impl Verdict {
    /// Whether the request is sent again as it is.
    pub fn repeats(&self) -> bool {
        !matches!(self, Self::Ok | Self::Empty | Self::Redirect | Self::Fail(_))
    }
}

/// The kinds of failure that are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A name that does not resolve.
    Name,
    /// A broken body.
    Body,
    /// Throttling without further word.
    Throttle,
    /// Everything else.
    Other,
}

impl Tries {
    /// The counts after `verdict` was followed.
    pub fn after(mut self, verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Retry { class, .. } => {
                self.failed += 1;
                self.bodies += u32::from(*class == Class::Body);
                self.names += u32::from(*class == Class::Name);
            }
            Verdict::RetryNow => self.races += 1,
            Verdict::Quota { .. } | Verdict::Secondary(_) | Verdict::Crowded(_) => self.waits += 1,
            Verdict::Pending(_) => self.pending += 1,
            Verdict::Refresh => self.refreshed += 1,
            Verdict::Confirm(_) => self.missing += 1,
            Verdict::Ok | Verdict::Empty | Verdict::Redirect | Verdict::Fail(_) => {}
        }
        self
    }
}
