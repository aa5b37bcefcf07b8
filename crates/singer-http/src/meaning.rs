//! What an API says in words of its own, where a status does not say it.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::text;

/// A whole answer, as a hook of [`Rules`](crate::Rules) reads it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The decoded body; of an error's, as much as was worth reading.
    pub body: &'a [u8],
}

/// What an API says of a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it means.
    pub meaning: Meaning,
    /// A short cause, shown in messages: a code or a sentence, never a body.
    pub cause: Option<String>,
}

/// What an answer means, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The credential is not accepted: it is replaced once, then dropped.
    Unauthorized,
    /// The quota is spent.
    Quota {
        /// Until the reset; else the headers tell it, else a minute is taken.
        wait: Option<Duration>,
    },
    /// A quota is spent that is not worth waiting for: the run ends.
    DailyQuota,
    /// The limit on bursts or abuse: wait, twice as long each time, and send less.
    Secondary {
        /// The shortest wait; else a minute is taken.
        wait: Option<Duration>,
    },
    /// Too many long requests at the same time: wait, then one at a time.
    Crowded {
        /// The wait; else 30 s are taken.
        wait: Option<Duration>,
    },
    /// Too fast: tried again, more slowly.
    Throttled,
    /// The credential lacks the permission.
    Forbidden,
    /// Access policy stands against it.
    Policy,
    /// It is not there; asked once more before it is believed.
    Missing,
    /// It is withheld.
    Withheld,
    /// The request is wrong.
    Rejected,
    /// The server cannot, for now: tried again.
    Unavailable,
    /// The page is more than the server can make: the source is to ask for a smaller one.
    PageTooBig,
    /// The answer is being prepared: asked for a few times more.
    Pending,
}

impl Meaning {
    /// With a cause, made safe to print.
    pub fn because(self, cause: &str) -> Said {
        let cause = text::clean(cause.trim());
        Said { meaning: self, cause: (!cause.is_empty()).then_some(cause) }
    }

    /// Whether it says that less must be sent.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Quota { .. }
                | Self::DailyQuota
                | Self::Secondary { .. }
                | Self::Crowded { .. }
                | Self::Throttled
        )
    }
}

impl From<Meaning> for Said {
    fn from(meaning: Meaning) -> Self {
        Self { meaning, cause: None }
    }
}
