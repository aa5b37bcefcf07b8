//! One request on its way to a page.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use url::Url;

use crate::auth::{Ask, Authenticator, Signature};
use crate::backoff::backoff;
use crate::classify::classify;
use crate::client::Shared;
use crate::concurrency::Slot;
use crate::env::Finished;
use crate::error::{Error, Site};
use crate::exchange::{Class, Exchange, Tries, Verdict};
use crate::fetch::{Failure, Fetched, Limits, fetch};
use crate::kind::{Kind, Limit, limited};
use crate::meaning::{Answer, Said};
use crate::quota::{Hold, Reserved};
use crate::reading::Reading;
use crate::request::Request;
use crate::response::Response;
use crate::retry_after::date;
use crate::text;
use crate::transport::{Break, Outgoing};

const MOST_HOPS: u32 = 5;
/// For one page, server-given waits apart.
const MOST_TIME: Duration = Duration::from_secs(15 * 60);

pub(crate) struct Sending<'a> {
    shared: &'a Shared,
    request: &'a Request,
    url: Url,
    hops: u32,
    tries: Tries,
    /// When it began, on the client's clock.
    started: Duration,
    /// What it waited for limits, all together.
    held: Duration,
    site: Box<Site>,
}

/// The right to send one request now.
struct Turn<'a> {
    slot: Slot<'a>,
    reserved: Reserved<'a>,
    auth: Option<&'a dyn Authenticator>,
    signature: Option<Signature>,
}

impl<'a> Sending<'a> {
    pub(crate) fn new(shared: &'a Shared, request: &'a Request) -> Self {
        let mut site = Site::of(&request.url);
        site.resource = text::clean(&request.resource);
        Self {
            shared,
            request,
            url: request.url.clone(),
            hops: 0,
            tries: Tries::default(),
            started: shared.env.clock.elapsed(),
            held: Duration::ZERO,
            site,
        }
    }

    pub(crate) async fn run(mut self) -> Result<Response, Error> {
        self.shared.origins.check(&self.url)?;
        loop {
            let Some(turn) = self.turn().await? else { continue };
            let fetched = self.exchange(&turn).await;
            let said = self.read(&fetched);
            let verdict = self.judge(&fetched, said.as_ref(), turn.can_refresh());
            self.site.cause = said.and_then(|said| said.cause);
            self.report(&fetched, &verdict);
            self.tries = self.tries.after(&verdict);
            match verdict {
                Verdict::Ok | Verdict::Empty => {
                    turn.slot.clean();
                    return self.response(fetched, verdict == Verdict::Empty);
                }
                Verdict::Redirect => self.redirect(&fetched)?,
                Verdict::RetryNow => {}
                Verdict::Retry { class: Class::Throttle, after: Some(wait), .. } => {
                    turn.slot.throttled();
                    self.pause(&turn, wait, Limit::Quota);
                }
                Verdict::Retry { class, after, last } => {
                    if class == Class::Throttle || fetched.timed_out() {
                        turn.slot.throttled();
                    }
                    drop(turn);
                    self.again(after, last).await?;
                }
                Verdict::Quota { wait, odd } => self.spent(&turn, wait, odd),
                Verdict::Secondary(wait) => {
                    turn.slot.throttled();
                    self.pause(&turn, wait, Limit::Secondary);
                }
                Verdict::Crowded(wait) => {
                    turn.slot.alone();
                    self.pause(&turn, wait, Limit::Crowd);
                }
                Verdict::Pending(wait) => {
                    drop(turn);
                    self.wait(wait, "WAIT01", &self.error(Kind::Pending).happened()).await;
                }
                Verdict::Refresh => {
                    if let (Some(auth), Some(stale)) = (turn.auth, &turn.signature) {
                        auth.refresh(stale, &self.ask()).await?;
                    }
                }
                Verdict::Confirm(wait) => {
                    drop(turn);
                    self.wait(wait, "PERM03", "it is not there, which is confirmed once").await;
                }
                Verdict::Fail(kind) => return Err(self.error(kind)),
            }
        }
    }

    /// The right to send, or none after a wait: then everything is asked for anew, the token first.
    async fn turn(&mut self) -> Result<Option<Turn<'a>>, Error> {
        let shared = self.shared;
        let slot = shared.slots.take().await;
        let auth = self.credential()?;
        let label = auth.map_or_else(|| Arc::from("anonymous"), |auth| auth.label());
        self.site.credential = Some(text::clean(&label).into());
        let signature = match auth {
            Some(auth) => auth.sign(&self.ask()).await?,
            None => None,
        };
        let credential = auth.map_or(label, |auth| auth.identity());
        let now = || shared.env.clock.elapsed();
        match shared.quotas.reserve(&credential, &self.request.resource, now).await {
            Ok(reserved) => Ok(Some(Turn { slot, reserved, auth, signature })),
            Err(hold) => {
                drop(slot);
                self.hold(hold).await?;
                Ok(None)
            }
        }
    }

    /// The first that serves the request; none if there are no credentials at all.
    fn credential(&self) -> Result<Option<&'a dyn Authenticator>, Error> {
        let credentials = &self.shared.spec.auth;
        let (ask, request) = (self.ask(), self.request);
        match credentials.iter().find(|auth| auth.serves(&ask)) {
            Some(auth) => Ok(Some(&**auth)),
            None if credentials.is_empty() => Ok(None),
            None => {
                let whom = request.audience.as_deref().unwrap_or(&request.label);
                Err(Error::no_credential(whom, "none of the credentials serves it"))
            }
        }
    }

    fn ask(&self) -> Ask<'a> {
        let Shared { spec, env, .. } = self.shared;
        let audience = self.request.audience.as_deref();
        let (deadlines, user_agent) = (&spec.deadlines, &*spec.user_agent);
        Ask { audience, deadlines, user_agent, ..Ask::of(&self.request.resource, env) }
    }

    async fn exchange(&mut self, turn: &Turn<'_>) -> Fetched {
        let Shared { spec, env, counters, spares, .. } = self.shared;
        let (clock, deadlines, caps) = (&*env.clock, &spec.deadlines, &spec.caps);
        let limits = Limits { clock, deadlines, caps, spares };
        let outgoing = self.outgoing(turn.signature.as_ref());
        counters.requests.fetch_add(1, Relaxed);
        self.site.attempts += 1;
        let fetched = fetch(&*env.transport, outgoing, &limits).await;
        let head = fetched.head.as_ref();
        self.site.status = head.map(|(status, _)| *status);
        self.site.request_id = head.and_then(|(_, headers)| self.request_id(headers));
        if let (Some((_, headers)), Some(names)) = (head, &spec.rules.quota) {
            let now = date(headers).unwrap_or_else(|| env.clock.now());
            if let Some(reading) = Reading::of(names, headers, now) {
                turn.reserved.record(&reading, env.clock.elapsed());
            }
        }
        fetched
    }

    fn outgoing(&self, signature: Option<&Signature>) -> Outgoing {
        let Shared { spec, user_agent, .. } = self.shared;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(header::USER_AGENT, user_agent.clone());
        for more in [&spec.headers, &self.request.headers] {
            for name in more.keys() {
                headers.remove(name);
                more.get_all(name).iter().for_each(|value| {
                    headers.append(name, value.clone());
                });
            }
        }
        let Request { method, body, .. } = self.request;
        let (method, url, body) = (method.clone(), self.url.clone(), body.clone());
        let mut outgoing = Outgoing { method, url, headers, body };
        if let Some(signature) = signature {
            signature.apply(&mut outgoing);
        }
        outgoing
    }

    /// What the API says in words of its own.
    fn read(&self, fetched: &Fetched) -> Option<Said> {
        let reads = self.shared.spec.rules.reads?;
        let ((status, headers), body) = (fetched.head.as_ref()?, fetched.body.as_ref().ok()?);
        reads(&Answer { status: *status, headers, body })
    }

    fn judge(&self, fetched: &Fetched, said: Option<&Said>, can_refresh: bool) -> Verdict {
        let Shared { spec, env, .. } = self.shared;
        classify(
            &spec.rules,
            &Exchange {
                method: &self.request.method,
                repeatable: self.request.repeatable,
                most_attempts: self.request.most_attempts,
                expect: &self.request.expect,
                can_refresh,
                said,
                outcome: fetched.outcome(),
                tries: self.tries,
                now: env.clock.now(),
            },
        )
    }

    fn report(&self, fetched: &Fetched, verdict: &Verdict) {
        let Shared { env, counters, .. } = self.shared;
        let decoded = fetched.body.as_ref().map_or(0, Vec::len) as u64;
        counters.wire.fetch_add(fetched.wire, Relaxed);
        counters.decoded.fetch_add(decoded, Relaxed);
        counters.retries.fetch_add(verdict.repeats().into(), Relaxed);
        env.observer.finished(&Finished {
            label: &self.request.label,
            status: self.site.status,
            duration: fetched.duration,
            wire: fetched.wire,
            decoded,
            succeeded: matches!(verdict, Verdict::Ok | Verdict::Empty),
        });
    }

    fn response(self, fetched: Fetched, empty: bool) -> Result<Response, Error> {
        match fetched {
            Fetched { head: Some((status, headers)), body: Ok(body), .. } => Ok(Response {
                date: date(&headers),
                status,
                headers,
                body: if empty { Vec::new() } else { body },
                url: self.url,
                empty,
                origins: self.shared.origins.clone(),
                spares: self.shared.spares.clone(),
            }),
            Fetched { .. } => Err(self.error(Kind::Unavailable)),
        }
    }

    fn redirect(&mut self, fetched: &Fetched) -> Result<(), Error> {
        self.hops += 1;
        if self.hops > MOST_HOPS {
            return Err(self.error(Kind::Redirect("at most 5 redirects in a row are followed")));
        }
        let headers = fetched.head.as_ref().map(|(_, headers)| headers);
        let target = headers.and_then(|headers| headers.get(header::LOCATION)?.to_str().ok());
        let Some(target) = target else {
            return Err(self.error(Kind::Redirect("the target of a redirect is ASCII")));
        };
        let target = self.shared.origins.resolve_next(&self.url, target)?;
        tracing::info!("`{}` moved to `{}`", self.site.url, text::clean(target.path()));
        self.site.url = text::site(&target);
        self.url = target;
        Ok(())
    }

    async fn again(&mut self, after: Option<Duration>, last: Kind) -> Result<(), Error> {
        let clock = &self.shared.env.clock;
        if let Some(wait) = after {
            self.charge(wait, Limit::Quota)?;
            self.wait(wait, "RATE01", "the server asks to come back later").await;
            return Ok(());
        }
        let wait = backoff(self.tries.failed.saturating_sub(1), &*self.shared.env.random);
        let spent = clock.elapsed().saturating_sub(self.started).saturating_sub(self.held);
        let error = self.error(last);
        if spent + wait > MOST_TIME {
            return Err(error);
        }
        let (id, reason) = (error.id(), error.brief());
        tracing::info!("[{id}] {reason} · trying again in {} ms", wait.as_millis());
        self.wait(wait, id, &reason).await;
        Ok(())
    }

    /// Holds every request of the credential, this one too.
    fn pause(&self, turn: &Turn<'_>, wait: Duration, limit: Limit) {
        let until = self.shared.env.clock.elapsed() + wait;
        turn.reserved.pause(Hold { until, limit });
    }

    fn spent(&self, turn: &Turn<'_>, wait: Duration, odd: bool) {
        turn.reserved.block(self.shared.env.clock.elapsed() + wait);
        if odd && !self.shared.told_odd_reset.swap(true, Relaxed) {
            let origin = &self.site.origin;
            let wait = text::span(wait);
            tracing::warn!(
                "[RATE06] `{origin}` gives no sensible reset of its limit · taking {wait}"
            );
        }
    }

    async fn hold(&mut self, hold: Hold) -> Result<(), Error> {
        let env = &self.shared.env;
        let exact = hold.until.saturating_sub(env.clock.elapsed());
        self.charge(exact, hold.limit)?;
        let spread = Duration::from_secs(2).mul_f64(env.random.unit());
        let margin = Duration::from_secs(u64::from(hold.limit == Limit::Quota));
        let reason = self.error(limited(hold.limit, env.clock.now(), exact));
        self.wait(exact + margin + spread, reason.id(), &reason.happened()).await;
        Ok(())
    }

    /// Counts a wait for a limit against `max_wait`.
    fn charge(&mut self, wait: Duration, limit: Limit) -> Result<(), Error> {
        if self.held + wait > self.shared.spec.max_wait {
            let now = self.shared.env.clock.now();
            return Err(self.error(limited(limit, now, wait)));
        }
        self.held += wait;
        Ok(())
    }

    async fn wait(&self, duration: Duration, id: &'static str, reason: &str) {
        let Shared { env, counters, waits, .. } = self.shared;
        env.observer.waiting(id, duration);
        waits.wait(&*env.clock, counters, duration, id, reason).await;
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(kind, self.site.clone())
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let names = self.shared.spec.rules.request_id.iter();
        let value = names.filter_map(|name| headers.get(*name)).next()?;
        Some(text::clean(value.to_str().ok()?))
    }
}

impl Turn<'_> {
    fn can_refresh(&self) -> bool {
        self.signature.is_some() && self.auth.is_some_and(Authenticator::can_refresh)
    }
}

impl Fetched {
    fn timed_out(&self) -> bool {
        matches!(&self.body, Err(Failure::Broken(e)) if e.kind == Break::Timeout)
    }
}
