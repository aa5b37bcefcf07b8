//! The seam between the server and a vendor's room.

use crate::quota::{Pool, Quotas, Standing};
use crate::server::{Answer, Request};

/// Who calls, and what the quotas say of them.
pub struct Caller<'a> {
    /// Whose quotas are drawn on, empty when no credential was sent.
    pub credential: &'a str,
    /// The server's time, in seconds of the epoch.
    pub now: u64,
    pub(crate) quotas: &'a Quotas,
}

impl Caller<'_> {
    /// Where the caller stands in a pool, without counting a request.
    pub fn standing(&self, pool: &'static str) -> Standing {
        self.quotas.peek(self.credential, pool, self.now)
    }
}

/// Why a request is refused before a room sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The credential is none of the accepted ones.
    Credential,
    /// The pool is spent until its reset.
    Quota,
    /// Too many requests in a short time.
    Secondary {
        /// Seconds until requests are answered again.
        retry_after: u64,
    },
}

/// One vendor's API: what it answers, and how it words its limits.
pub trait Api: Send + Sync + 'static {
    /// The quota pools; a request of a pool that is not here is not limited.
    fn pools(&self) -> Vec<Pool>;

    /// The pool that a request is counted in; `None` is not counted.
    fn pool(&self, request: &Request) -> Option<&'static str>;

    /// Whether a credential is good; `None` leaves it to the accepted tokens of the options.
    fn knows(&self, _: &Request, _now: u64) -> Option<bool> {
        None
    }

    /// Whose quotas a credential draws on.
    fn identity(&self, credential: &str) -> String {
        credential.to_owned()
    }

    /// How much of its pool a request takes.
    fn cost(&self, _: &Request) -> u64 {
        1
    }

    /// The path with names for its variable parts, under which requests are counted.
    fn pattern(&self, path: &str) -> String;

    /// The answer to a request that may be answered.
    fn answer(&self, request: &Request, caller: &Caller<'_>) -> Answer;

    /// The answer to a request of a pool that may not.
    fn refuse(&self, refusal: Refusal, pool: &str, caller: &Caller<'_>) -> Answer;

    /// Adds the headers that every answer has.
    fn sign(&self, answer: &mut Answer, standing: Option<&Standing>, serial: u64);

    /// Changes or shows the data; `None` if there is no such action. `now` is the server's time, in
    /// seconds of the epoch.
    fn admin(&self, action: &str, request: &Request, now: u64) -> Option<Answer>;

    /// Lets so many days of ordinary life pass, after which the server's clock is put forward; `None`
    /// if there is none.
    fn live(&self, _days: u32, _now: u64) -> Option<Answer> {
        None
    }

    /// Puts the data's clock forward and gives its new time as a JSON text. `now` is the server's time
    /// after that.
    fn advance(&self, seconds: u64, now: u64) -> String;
}
