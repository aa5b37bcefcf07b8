//! How an API speaks of its limits and refusals.

use std::time::Duration;

use crate::meaning::{Answer, Said};

/// The signals of one API; plain data that a tap writes as a constant.
///
/// The default suits an API that says nothing but a status and `Retry-After`.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The headers that tell what is left of a quota, if the API sends any.
    pub quota: Option<QuotaHeaders>,
    /// The limit beside the quota (bursts, abuse), if the API has one.
    pub secondary: Option<Secondary>,
    /// Headers whose presence makes a 403 a matter of access policy: single sign-on, address lists.
    pub policy_headers: &'static [&'static str],
    /// Texts in the body of a 403, lower case, that mean the same.
    pub policy_marks: &'static [&'static str],
    /// Statuses to retry beyond 408, 425, 429 and 5xx.
    pub retry_statuses: &'static [u16],
    /// The header that says `true` or `false` to a retry, if the API sends one; it is obeyed.
    pub retry_header: Option<&'static str>,
    /// Reads what the API says in words of its own, whatever the status: a pure function, looked at
    /// before the status. It sees every answer, also large pages, so it must be quick to say none.
    pub reads: Option<fn(&Answer<'_>) -> Option<Said>>,
    /// Where the body of an error, if it is JSON, says in a sentence what is wrong: a JSON pointer.
    /// The sentence is shown in messages.
    pub words_at: Option<&'static str>,
    /// Headers that name a request in the vendor's logs; the first that is present is shown.
    pub request_id: &'static [&'static str],
}

/// Names of quota headers. The answer is a spent quota if it is a 403 or 429 with nothing remaining.
#[derive(Clone, Debug)]
pub struct QuotaHeaders {
    /// Requests a window.
    pub limit: &'static str,
    /// Requests left in it.
    pub remaining: &'static str,
    /// When the next window begins: seconds since 1970.
    pub reset: &'static str,
    /// The pool that the request was counted in; without it, the request's own `resource`.
    pub resource: &'static str,
}

impl QuotaHeaders {
    /// The names that many APIs use, GitHub's among them: `x-ratelimit-limit`, `-remaining`,
    /// `-reset` and `-resource`.
    pub const X_RATELIMIT: Self = Self {
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        resource: "x-ratelimit-resource",
    };
}

/// A limit that is not counted down in headers: a 429 that is no spent quota, or a 403 with
/// `Retry-After` or one of the marks.
#[derive(Clone, Debug)]
pub struct Secondary {
    /// Texts in the body, lower case, that tell such a 403 from a refusal.
    pub marks: &'static [&'static str],
    /// The shortest wait, doubled each time it happens again to one request.
    pub min_wait: Duration,
}

impl Rules {
    /// No quota headers, no secondary limit, no policy signals; `x-request-id` names a request.
    pub const PLAIN: Self = Self {
        quota: None,
        secondary: None,
        policy_headers: &[],
        policy_marks: &[],
        retry_statuses: &[],
        retry_header: None,
        reads: None,
        words_at: None,
        request_id: &["x-request-id"],
    };
}

impl Default for Rules {
    fn default() -> Self {
        Self::PLAIN
    }
}
