//! One request on its way to a page.

mod turn;

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use url::Url;

use crate::auth::{Ask, Signature};
use crate::backoff::backoff;
use crate::breaker::Health;
use crate::classify::classify;
use crate::client::Shared;
use crate::download::{Download, Rest};
use crate::env::Finished;
use crate::error::{Error, Exit, Site};
use crate::exchange::{Class, Exchange, Tries, Verdict};
use crate::fetch::{Failure, Fetched, Limits, fetch, open};
use crate::kind::{BodyFault, Kind, Limit, limited};
use crate::meaning::{Answer, Said};
use crate::quota::Hold;
use crate::reading::Reading;
use crate::request::Request;
use crate::response::{Paid, Response};
use crate::retry_after::date;
use crate::text;
use crate::transport::{Break, Outgoing};
use crate::turns::Turn;
use crate::wait::Why;

use turn::Signed;

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
    /// What it waited for limits that the server told of, all together.
    held: Duration,
    /// What it waited for its turn and where the server asked for it: no time of its own.
    idle: Duration,
    /// Whether making the signature took time since something was sent.
    signed_slowly: bool,
    site: Box<Site>,
    /// The body of a success is left unread.
    opens: bool,
}

/// A page, with its right to be on the way.
struct Arrived<'a> {
    page: Response,
    turn: Turn<'a>,
    rest: Option<Rest>,
    site: Box<Site>,
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
            idle: Duration::ZERO,
            signed_slowly: false,
            site,
            opens: false,
        }
    }

    /// To a page.
    pub(crate) async fn run(self) -> Result<Response, Error> {
        Ok(self.arrive().await?.page)
    }

    /// To a page whose body is still to be read.
    pub(crate) async fn open(mut self) -> Result<Download<'a>, Error> {
        self.opens = true;
        let shared = self.shared;
        let Arrived { page, turn, rest, site } = self.arrive().await?;
        match rest {
            Some(rest) => Ok(Download::new(page, rest, turn, shared, site)),
            None => Err(Error::new(Kind::Body(BodyFault::NoPage), site)),
        }
    }

    async fn arrive(mut self) -> Result<Arrived<'a>, Error> {
        self.shared.origins.check(&self.url)?;
        loop {
            self.check_allowance()?;
            let Some(mut signed) = self.turn().await? else { continue };
            let mut rest = None;
            let fetched = self.exchange(&signed, &mut rest).await;
            let said = self.read(&fetched);
            let verdict = self.judge(&fetched, said.as_ref(), signed.can_refresh());
            self.site.cause = said.and_then(|said| said.cause).or_else(|| self.words(&fetched));
            self.report(&fetched, &verdict);
            self.tries = self.tries.after(&verdict);
            signed.turn.tells(verdict.health(fetched.timed_out()));
            let turn = &signed.turn;
            match verdict {
                Verdict::Ok | Verdict::Empty => {
                    turn.clean();
                    let paid = Paid::new(turn.identity(), &self.request.resource);
                    let site = self.site.clone();
                    let page = self.response(fetched, verdict == Verdict::Empty, paid)?;
                    return Ok(Arrived { page, turn: signed.turn, rest, site });
                }
                Verdict::Redirect => self.redirect(&fetched)?,
                Verdict::RetryNow => {}
                Verdict::Retry { class: Class::Throttle, after: Some(wait), .. } => {
                    turn.throttled();
                    self.pause(turn, wait, Limit::Quota);
                }
                Verdict::Retry { class, after, last } => {
                    if class == Class::Throttle || fetched.timed_out() {
                        turn.throttled();
                    }
                    drop(signed);
                    self.again(after, last).await?;
                }
                Verdict::Quota { wait, odd } => self.spent(turn, wait, odd),
                Verdict::Secondary(wait) => {
                    turn.throttled();
                    self.pause(turn, wait, Limit::Secondary);
                }
                Verdict::Crowded(wait) => {
                    turn.alone();
                    self.pause(turn, wait, Limit::Crowd);
                }
                Verdict::Pending(wait) => {
                    drop(signed);
                    self.idle += wait;
                    self.wait(wait, "WAIT01", &self.error(Kind::Pending).happened()).await;
                }
                Verdict::Refresh => self.refresh(signed).await?,
                Verdict::Confirm(wait) => {
                    drop(signed);
                    self.wait(wait, "PERM03", "it is not there, which is confirmed once").await;
                }
                Verdict::Fail(Kind::Unauthorized) => {
                    let error = self.error(Kind::Unauthorized);
                    self.go_on_without(turn.credential(), error)?;
                }
                Verdict::Fail(kind) => return Err(self.error(kind)),
            }
        }
    }

    /// Sends nothing that the user wants to leave to others.
    fn check_allowance(&self) -> Result<(), Error> {
        let Shared { spec, counters, usage, .. } = self.shared;
        let Some(allowance) = &spec.allowance else { return Ok(()) };
        let sent = counters.requests.load(Relaxed) + counters.held.load(Relaxed);
        usage.refusal(allowance, sent).map_or(Ok(()), |kind| Err(self.error(kind)))
    }

    fn ask(&self) -> Ask<'a> {
        let Shared { spec, env, .. } = self.shared;
        let audience = self.request.audience.as_deref();
        let (now, deadlines) = (self.shared.now(), &spec.deadlines);
        let user_agent = &*spec.user_agent;
        Ask { audience, now, deadlines, user_agent, ..Ask::of(&self.request.resource, env) }
    }

    async fn exchange(&mut self, signed: &Signed<'_>, rest: &mut Option<Rest>) -> Fetched {
        let Shared { spec, env, counters, spares, .. } = self.shared;
        let (clock, deadlines, caps) = (&*env.clock, &spec.deadlines, &spec.caps);
        let limits = Limits { clock, deadlines, caps, spares };
        let outgoing = self.outgoing(signed.signature.as_ref());
        counters.requests.fetch_add(1, Relaxed);
        self.site.attempts += 1;
        let fetched = if self.opens {
            open(&*env.transport, outgoing, &limits, rest).await
        } else {
            fetch(&*env.transport, outgoing, &limits).await
        };
        let head = fetched.head.as_ref();
        self.site.status = head.map(|(status, _)| *status);
        self.site.request_id = head.and_then(|(_, headers)| self.request_id(headers));
        if let Some((_, headers)) = head {
            self.hear(headers, &signed.turn);
        }
        fetched
    }

    /// Takes note of what the head of an answer tells of time and quotas.
    fn hear(&self, headers: &HeaderMap, turn: &Turn<'_>) {
        let Shared { spec, env, server_clock, .. } = self.shared;
        if let Some(ahead) = server_clock.hear(headers, &*env.clock) {
            let off = text::span(ahead.abs().to_std().unwrap_or_default());
            let side = if ahead > chrono::TimeDelta::zero() { "ahead of" } else { "behind" };
            tracing::warn!(
                "[CLK01] the clock of this computer is {off} {side} that of `{}` · taking the server's",
                self.site.origin
            );
        }
        if let Some(allowance) = &spec.allowance {
            self.shared.usage.hear(allowance, headers);
        }
        if let Some(names) = &spec.rules.quota {
            let now = date(headers).unwrap_or_else(|| self.shared.now());
            if let Some(reading) = Reading::of(names, headers, now) {
                turn.record(&reading);
            }
        }
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

    /// The sentence in the body of an error.
    fn words(&self, fetched: &Fetched) -> Option<String> {
        let pointer = self.shared.spec.rules.words_at?;
        let ((status, _), body) = (fetched.head.as_ref()?, fetched.body.as_ref().ok()?);
        if status.is_success() {
            return None;
        }
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let words = text::clean(body.pointer(pointer)?.as_str()?.trim());
        (!words.is_empty()).then_some(words)
    }

    fn judge(&self, fetched: &Fetched, said: Option<&Said>, can_refresh: bool) -> Verdict {
        classify(
            &self.shared.spec.rules,
            &Exchange {
                method: &self.request.method,
                repeatable: self.request.repeatable,
                most_attempts: self.request.most_attempts,
                expect: &self.request.expect,
                can_refresh,
                said,
                outcome: fetched.outcome(),
                tries: self.tries,
                now: self.shared.now(),
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

    fn response(self, fetched: Fetched, empty: bool, paid: Paid) -> Result<Response, Error> {
        match fetched {
            Fetched { head: Some((status, headers)), body: Ok(body), .. } => Ok(Response {
                date: date(&headers),
                status,
                headers,
                body: if empty { Vec::new() } else { body },
                url: self.url,
                empty,
                paid,
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
            self.idle += wait;
            self.wait(wait, "RATE01", "the server asks to come back later").await;
            return Ok(());
        }
        let wait = backoff(self.tries.failed.saturating_sub(1), &*self.shared.env.random);
        let spent = clock.elapsed().saturating_sub(self.started).saturating_sub(self.idle);
        let error = self.error(last);
        if spent + wait > MOST_TIME {
            return Err(error);
        }
        let (id, reason) = (error.id(), error.brief());
        tracing::info!("[{id}] {reason} · trying again in {} ms", wait.as_millis());
        self.wait(wait, id, &reason).await;
        Ok(())
    }

    /// Holds every request of the identity, this one too.
    fn pause(&self, turn: &Turn<'_>, wait: Duration, limit: Limit) {
        turn.pause(Hold::new(limit, self.shared.env.clock.elapsed() + wait));
    }

    fn spent(&self, turn: &Turn<'_>, wait: Duration, odd: bool) {
        turn.block(wait);
        if odd && !self.shared.told_odd_reset.swap(true, Relaxed) {
            let origin = &self.site.origin;
            let wait = text::span(wait);
            tracing::warn!(
                "[RATE06] `{origin}` gives no sensible reset of its limit · taking {wait}"
            );
        }
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
        self.shared.wait(duration, Why::new(id, reason)).await;
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

impl Verdict {
    /// What it tells of the server.
    fn health(&self, timed_out: bool) -> Health {
        match self {
            Self::Retry { class: Class::Throttle, .. }
            | Self::Fail(Kind::Limited { .. } | Kind::PageTooBig)
            | Self::RetryNow
            | Self::Quota { .. }
            | Self::Secondary(_)
            | Self::Crowded(_)
            | Self::Pending(_) => Health::Unclear,
            Self::Fail(kind) if kind.facts().exit != Exit::Unavailable => Health::Well,
            Self::Retry { .. } | Self::Fail(_) if timed_out => Health::TimedOut,
            Self::Retry { .. } | Self::Fail(_) => Health::Failed,
            Self::Ok | Self::Empty | Self::Redirect | Self::Refresh | Self::Confirm(_) => {
                Health::Well
            }
        }
    }
}

impl Fetched {
    fn timed_out(&self) -> bool {
        matches!(&self.body, Err(Failure::Broken(e)) if e.kind == Break::Timeout)
    }
}
