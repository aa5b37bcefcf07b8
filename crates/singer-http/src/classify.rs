//! What an exchange means: one pure function, so that every failure has a name.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header};

use crate::body;
use crate::exchange::{Class, Exchange, Outcome, Verdict};
use crate::kind::{BodyFault, Kind, Limit, limited};
use crate::meaning::Meaning;
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
/// Of them, while too many long requests are at work.
const MOST_CROWDED: u32 = 10;
/// Waits for an answer that is being prepared.
const MOST_PENDING: u32 = 5;
/// Before a 404 is believed: a replica may lag.
const CONFIRM_AFTER: Duration = Duration::from_secs(2);
const UNTOLD: Duration = Duration::from_secs(60);
const CROWDED: Duration = Duration::from_secs(30);
/// The first wait for an answer that is being prepared, the longest of our own, and of the server's.
const PENDING: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(300)];

/// What `exchange` means to an API with these `rules`.
pub fn classify(rules: &Rules, exchange: &Exchange<'_>) -> Verdict {
    match exchange.outcome {
        Outcome::Broken(error) => broken(exchange, error),
        Outcome::BrokenBody(fault) => exchange.body(fault.clone()),
        Outcome::TooLarge(cap) => Verdict::Fail(Kind::TooLarge(cap)),
        Outcome::Answer { status, headers, body } => {
            Judge { rules, exchange, status, headers, body }.verdict()
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
        if spent || self.tries.failed + 1 >= self.most_attempts {
            Verdict::Fail(last)
        } else {
            Verdict::Retry { class, after, last }
        }
    }

    fn body(&self, fault: BodyFault) -> Verdict {
        self.retry(Class::Body, None, Kind::Body(fault))
    }
}

struct Judge<'a> {
    rules: &'a Rules,
    exchange: &'a Exchange<'a>,
    status: StatusCode,
    headers: &'a HeaderMap,
    body: &'a [u8],
}

impl Judge<'_> {
    fn verdict(&self) -> Verdict {
        let verdict = self.first_verdict();
        match (self.may_retry(), verdict) {
            (Some(false), Verdict::Retry { last, .. }) => Verdict::Fail(last),
            (Some(true), Verdict::Fail(last @ (Kind::Rejected | Kind::Withheld))) => {
                self.exchange.retry(Class::Other, self.retry_after(), last)
            }
            (_, verdict) => verdict,
        }
    }

    fn first_verdict(&self) -> Verdict {
        let said = self.exchange.said.map(|said| &said.meaning);
        // Limits come first: one must never read as "nothing there".
        if let Some(limit) = said.filter(|meaning| meaning.is_limit()) {
            return self.said(limit);
        }
        if let Some(verdict) = self.limit() {
            return verdict;
        }
        if let Some(meaning) = said {
            return self.said(meaning);
        }
        if self.exchange.expect.empty.contains(&self.status) {
            return Verdict::Empty;
        }
        match self.status.as_u16() {
            200..=299 => self.success(),
            304 => self.exchange.body(BodyFault::NoPage),
            300..=399 => self.redirect(),
            401 => self.unauthorized(),
            403 if self.policy() => Verdict::Fail(Kind::Policy),
            403 => Verdict::Fail(Kind::Forbidden),
            404 | 410 => self.missing(),
            407 => Verdict::Fail(Kind::Proxy("it wants a login".to_owned())),
            408 | 425 | 500.. => self.unavailable(),
            409 | 451 => Verdict::Fail(Kind::Withheld),
            _ => Verdict::Fail(Kind::Rejected),
        }
    }

    /// What the API's own words come to.
    fn said(&self, meaning: &Meaning) -> Verdict {
        match meaning {
            Meaning::Unauthorized => self.unauthorized(),
            Meaning::Quota { wait } => {
                let told = self.reading().filter(|reading| !reading.odd);
                let told = wait.or(told.map(|reading| reading.reset_in)).or(self.retry_after());
                let wait = told.unwrap_or(UNTOLD);
                self.wait(Verdict::Quota { wait, odd: told.is_none() }, Limit::Quota, wait)
            }
            Meaning::DailyQuota => {
                Verdict::Fail(Kind::Limited { limit: Limit::Daily, free_at: None })
            }
            Meaning::Secondary { wait } => {
                let least = self.rules.secondary.as_ref().map_or(UNTOLD, |it| it.min_wait);
                self.secondary((*wait).or(self.retry_after()), least)
            }
            Meaning::Crowded { wait } => {
                let wait = (*wait).or(self.retry_after()).unwrap_or(CROWDED);
                if self.exchange.tries.waits < MOST_CROWDED {
                    Verdict::Crowded(wait)
                } else {
                    Verdict::Fail(limited(Limit::Crowd, self.now(), wait))
                }
            }
            Meaning::Throttled => self.throttled(self.retry_after()),
            Meaning::Forbidden => Verdict::Fail(Kind::Forbidden),
            Meaning::Policy => Verdict::Fail(Kind::Policy),
            Meaning::Missing => self.missing(),
            Meaning::Withheld => Verdict::Fail(Kind::Withheld),
            Meaning::Rejected => Verdict::Fail(Kind::Rejected),
            Meaning::Unavailable => self.unavailable(),
            Meaning::PageTooBig => Verdict::Fail(Kind::PageTooBig),
            Meaning::Pending => self.pending(),
        }
    }

    fn unauthorized(&self) -> Verdict {
        if self.exchange.can_refresh && self.exchange.tries.refreshed == 0 {
            Verdict::Refresh
        } else {
            Verdict::Fail(Kind::Unauthorized)
        }
    }

    fn missing(&self) -> Verdict {
        let Exchange { tries, expect, .. } = self.exchange;
        if tries.missing == 0 && !expect.absent.contains(&self.status) {
            Verdict::Confirm(CONFIRM_AFTER)
        } else {
            Verdict::Fail(Kind::Missing)
        }
    }

    fn unavailable(&self) -> Verdict {
        self.exchange.retry(Class::Other, self.retry_after(), Kind::Unavailable)
    }

    fn pending(&self) -> Verdict {
        let Exchange { tries, repeatable, .. } = self.exchange;
        let [first, longest, most] = PENDING;
        let after = self.retry_after();
        if tries.pending >= MOST_PENDING || !repeatable || after.is_some_and(|wait| wait > most) {
            return Verdict::Fail(Kind::Pending);
        }
        let own = first.saturating_mul(1 << tries.pending).min(longest);
        Verdict::Pending(after.unwrap_or(own).max(first))
    }

    fn throttled(&self, after: Option<Duration>) -> Verdict {
        let last = limited(Limit::Throttle, self.now(), after.unwrap_or_default());
        self.exchange.again(Class::Throttle, after, last)
    }

    fn secondary(&self, after: Option<Duration>, least: Duration) -> Verdict {
        let own = least.saturating_mul(1 << self.exchange.tries.waits.min(10));
        let wait = after.unwrap_or_default().max(own);
        self.wait(Verdict::Secondary(wait), Limit::Secondary, wait)
    }

    fn may_retry(&self) -> Option<bool> {
        match self.headers.get(self.rules.retry_header?)?.as_bytes() {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }

    fn success(&self) -> Verdict {
        let kind = self.exchange.expect.body;
        match self.status.as_u16() {
            206 => self.exchange.body(BodyFault::NoPage),
            _ if kind == BodyKind::Any => Verdict::Ok,
            202 => self.pending(),
            200 | 201 | 203 => {
                let fault = match kind {
                    BodyKind::Text => body::web_page(self.headers, self.body),
                    _ => body::json_fault(self.headers, self.body),
                };
                fault.map_or(Verdict::Ok, |fault| self.exchange.body(fault))
            }
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
            return Some(self.secondary(after, secondary.min_wait));
        }
        throttled.then(|| self.throttled(after))
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
