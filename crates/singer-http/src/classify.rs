//! What an exchange means: one pure function, so that every failure has a name.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header};

use crate::body;
use crate::exchange::{Class, Exchange, Outcome, Verdict};
use crate::kind::{BodyFault, Kind, Limit, limited};
use crate::reading::Reading;
use crate::request::BodyKind;
use crate::retry_after::{date, retry_after};
use crate::rules::Rules;
use crate::transport::{Break, TransportError};

/// Requests for one page at most, server-given waits apart.
pub const MOST_ATTEMPTS: u32 = 8;
/// Of them, for a page whose body is broken or whose host has no address.
const FEW_ATTEMPTS: u32 = 3;
/// Waits for a limit at most.
const MOST_WAITS: u32 = 5;
/// Before a 404 is believed: a replica may lag.
const CONFIRM_AFTER: Duration = Duration::from_secs(2);

/// What `exchange` means to an API with these `rules`.
pub fn classify(rules: &Rules, exchange: &Exchange<'_>) -> Verdict {
    match exchange.outcome {
        Outcome::Broken(error) => broken(exchange, error),
        Outcome::BrokenBody(fault) => exchange.body(fault.clone()),
        Outcome::TooLarge(cap) => Verdict::Fail(Kind::TooLarge(cap)),
        Outcome::Answer { status, headers, body } => {
            Answer { rules, exchange, status, headers, body }.verdict()
        }
    }
}

fn broken(exchange: &Exchange<'_>, error: &TransportError) -> Verdict {
    let cause = error.cause.clone();
    match error.kind {
        Break::Dns => exchange.unsent(Class::Name, Kind::Unreachable(cause)),
        Break::Connect => exchange.unsent(Class::Other, Kind::Unreachable(cause)),
        Break::Tls => Verdict::Fail(Kind::Untrusted(cause)),
        Break::Proxy => Verdict::Fail(Kind::Proxy(cause)),
        Break::Closed if exchange.repeatable && exchange.tries.races == 0 => Verdict::RetryNow,
        Break::Closed | Break::Reset | Break::Protocol => {
            exchange.retry(Class::Other, None, Kind::Dropped(cause))
        }
        Break::Timeout => exchange.retry(Class::Other, None, Kind::TimedOut(cause)),
    }
}

impl Exchange<'_> {
    /// A retry that may repeat the request.
    fn retry(&self, class: Class, after: Option<Duration>, last: Kind) -> Verdict {
        if self.repeatable { self.again(class, after, last) } else { Verdict::Fail(last) }
    }

    /// A retry of what the server has not worked on.
    fn unsent(&self, class: Class, last: Kind) -> Verdict {
        self.again(class, None, last)
    }

    fn again(&self, class: Class, after: Option<Duration>, last: Kind) -> Verdict {
        let spent = match class {
            Class::Name => self.tries.names + 1 >= FEW_ATTEMPTS,
            Class::Body => self.tries.bodies + 1 >= FEW_ATTEMPTS,
            Class::Throttle | Class::Other => false,
        };
        if spent || self.tries.failed + 1 >= MOST_ATTEMPTS {
            Verdict::Fail(last)
        } else {
            Verdict::Retry { class, after, last }
        }
    }

    fn body(&self, fault: BodyFault) -> Verdict {
        self.retry(Class::Body, None, Kind::Body(fault))
    }
}

struct Answer<'a> {
    rules: &'a Rules,
    exchange: &'a Exchange<'a>,
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl Answer<'_> {
    fn verdict(&self) -> Verdict {
        // Throttling comes first: a limit must never read as "nothing there".
        if let Some(verdict) = self.limit() {
            return verdict;
        }
        if self.exchange.expect.empty.contains(&self.status) {
            return Verdict::Empty;
        }
        match self.status.as_u16() {
            200..=299 => self.success(),
            304 => self.exchange.body(BodyFault::NoPage),
            300..=399 => self.redirect(),
            401 if self.exchange.can_refresh && self.exchange.tries.refreshed == 0 => {
                Verdict::Refresh
            }
            401 => Verdict::Fail(Kind::Unauthorized),
            403 if self.policy() => Verdict::Fail(Kind::Policy),
            403 => Verdict::Fail(Kind::Forbidden),
            404 | 410 if self.exchange.tries.missing == 0 => Verdict::Confirm(CONFIRM_AFTER),
            404 | 410 => Verdict::Fail(Kind::Missing),
            407 => Verdict::Fail(Kind::Proxy("it wants a login".to_owned())),
            408 | 425 | 500.. => {
                self.exchange.retry(Class::Other, self.retry_after(), Kind::Unavailable)
            }
            409 | 451 => Verdict::Fail(Kind::Withheld),
            _ => Verdict::Fail(Kind::Rejected),
        }
    }

    fn success(&self) -> Verdict {
        let any = self.exchange.expect.body == BodyKind::Any;
        match self.status.as_u16() {
            206 => self.exchange.body(BodyFault::NoPage),
            _ if any => Verdict::Ok,
            200 | 201 | 203 => match body::json_fault(self.headers, self.body) {
                None => Verdict::Ok,
                Some(fault) => self.exchange.body(fault),
            },
            _ => self.exchange.body(BodyFault::NoPage),
        }
    }

    fn redirect(&self) -> Verdict {
        let refuse = |rule| Verdict::Fail(Kind::Redirect(rule));
        match self.status.as_u16() {
            301 | 302 | 307 | 308 if self.exchange.method != Method::GET => {
                refuse("only a GET follows redirects")
            }
            301 | 302 | 307 | 308 if self.headers.contains_key(header::LOCATION) => {
                Verdict::Redirect
            }
            301 | 302 | 307 | 308 => refuse("a redirect names its target"),
            _ => refuse("only 301, 302, 307 and 308 are followed"),
        }
    }

    fn limit(&self) -> Option<Verdict> {
        let status = self.status.as_u16();
        let throttled = status == 429 || self.rules.retry_statuses.contains(&status);
        if !throttled && status != 403 {
            return None;
        }
        let after = self.retry_after();
        if after.is_none()
            && matches!(status, 403 | 429)
            && let Some(reading) = self.reading().filter(|reading| reading.remaining == 0)
        {
            let wait = Verdict::Quota { wait: reading.reset_in, odd: reading.odd };
            return Some(self.wait(wait, Limit::Quota, reading.reset_in));
        }
        if let Some(secondary) = &self.rules.secondary
            && (status == 429 || after.is_some() || self.says(secondary.marks))
        {
            let own = secondary.min_wait.saturating_mul(1 << self.exchange.tries.waits.min(10));
            let wait = after.unwrap_or_default().max(own);
            return Some(self.wait(Verdict::Secondary(wait), Limit::Secondary, wait));
        }
        throttled.then(|| {
            let last = limited(Limit::Throttle, self.now(), after.unwrap_or_default());
            self.exchange.again(Class::Throttle, after, last)
        })
    }

    fn wait(&self, verdict: Verdict, limit: Limit, wait: Duration) -> Verdict {
        if self.exchange.tries.waits < MOST_WAITS {
            verdict
        } else {
            Verdict::Fail(limited(limit, self.now(), wait))
        }
    }

    fn now(&self) -> DateTime<Utc> {
        date(self.headers).unwrap_or(self.exchange.now)
    }

    fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers, self.now())
    }

    fn reading(&self) -> Option<Reading> {
        Reading::of(self.rules.quota.as_ref()?, self.headers, self.now())
    }

    fn policy(&self) -> bool {
        let headers = self.rules.policy_headers;
        headers.iter().any(|name| self.headers.contains_key(*name))
            || self.says(self.rules.policy_marks)
    }

    fn says(&self, marks: &[&str]) -> bool {
        if marks.is_empty() {
            return false;
        }
        let head = &self.body[..self.body.len().min(4096)];
        let text = String::from_utf8_lossy(head).to_lowercase();
        marks.iter().any(|mark| text.contains(mark))
    }
}

#[cfg(test)]
mod tests;
