//! The client: everything that requests of one API share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderValue;
use url::Url;

use crate::allowance::Told;
use crate::auth::{Anonymous, Ask};
use crate::backoff::backoff;
use crate::download::Download;
use crate::env::Env;
use crate::error::{Error, Site};
use crate::kind::Kind;
use crate::limits::{Limits, Terms};
use crate::origin::Origins;
use crate::pace::Rate;
use crate::quota::QuotaTold;
use crate::quota::Thrift;
use crate::reading::Reading;
use crate::request::Request;
use crate::response::{Paid, Response};
use crate::send::Sending;
use crate::server_clock::ServerClock;
use crate::spares::Spares;
use crate::spec::ClientSpec;
use crate::stats::{Counters, Stats};
use crate::turns::Turns;
use crate::wait::{Waits, Why};

/// A polite client of one API. Cheap to clone; clones share limits and statistics.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) spec: ClientSpec,
    pub(crate) env: Env,
    pub(crate) origins: Origins,
    pub(crate) turns: Turns,
    pub(crate) server_clock: ServerClock,
    pub(crate) waits: Waits,
    pub(crate) spares: Spares,
    pub(crate) counters: Counters,
    pub(crate) usage: Told,
    pub(crate) told_odd_reset: AtomicBool,
    pub(crate) user_agent: HeaderValue,
}

impl Client {
    /// A client as `spec` describes it.
    ///
    /// # Errors
    /// If the base address or a further origin may not be talked to, or the user agent is no
    /// header's value.
    pub fn new(mut spec: ClientSpec, env: Env) -> Result<Self, Error> {
        if spec.auth.is_empty() {
            spec.auth.push(Arc::new(Anonymous));
        }
        let user_agent = HeaderValue::from_str(&spec.user_agent).map_err(|_| {
            let rule = "it consists of visible ASCII characters";
            Error::new(Kind::Setting { name: "user_agent", rule }, Site::of(&spec.base))
        })?;
        let shared = Shared {
            origins: Origins::new(&spec.base, &spec.origins)?,
            turns: Turns::new(limits(&spec)?),
            server_clock: ServerClock::default(),
            waits: Waits::default(),
            spares: Spares::default(),
            counters: Counters::default(),
            usage: Told::default(),
            told_odd_reset: AtomicBool::new(false),
            user_agent,
            spec,
            env,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The client at the address that its credential is told with its token, for an API that tells
    /// it so; else itself. Nothing is sent if no credential can know.
    ///
    /// # Errors
    /// If the credential cannot be used.
    pub async fn located(self) -> Result<Self, Error> {
        let Shared { spec, env, .. } = &*self.shared;
        let (deadlines, user_agent) = (&spec.deadlines, &*spec.user_agent);
        let ask = Ask { deadlines, user_agent, ..Ask::of("core", env) };
        for auth in &spec.auth {
            if let Some(base) = auth.base(&ask).await? {
                let mut spec = spec.clone();
                spec.origins.push(std::mem::replace(&mut spec.base, base));
                return Self::new(spec, env.clone());
            }
        }
        Ok(self)
    }

    /// Waits for renewals of credentials that are under way: who ends the process before that may lose
    /// a token that the server has replaced.
    pub async fn settled(&self) {
        for auth in &self.shared.spec.auth {
            auth.settled().await;
        }
    }

    /// Sends `request` until there is a page or it is clear that there will be none: retries,
    /// refreshes, redirects and waits happen inside. May be dropped at any await.
    ///
    /// # Errors
    /// [`Error::scope`] says how much it stops. A broken body never comes back as a page.
    pub async fn send(&self, request: &Request) -> Result<Response, Error> {
        Sending::new(&self.shared, request).run().await
    }

    /// The same with the body still to be read, piece by piece, for what is larger than memory should be.
    /// Say in [`Expect::body`](crate::Expect::body) that it is no JSON: it is not looked at.
    ///
    /// # Errors
    /// As [`Client::send`], for what the head of the answer tells.
    pub async fn download<'a>(&'a self, request: &'a Request) -> Result<Download<'a>, Error> {
        Sending::new(&self.shared, request).open().await
    }

    /// The wait before a page is asked for again because its body did not parse, which counts as
    /// a retry: `attempt` counts from 0.
    pub async fn backoff(&self, attempt: u32) {
        let Shared { env, counters, .. } = &*self.shared;
        counters.retries.fetch_add(1, Relaxed);
        let wait = backoff(attempt, &*env.random);
        let why = Why::new("BODY02", "a page could not be read");
        self.shared.wait(wait, why).await;
    }

    /// Waits for something that the server is making, and tells so.
    pub async fn pause(&self, duration: Duration, reason: &str) {
        self.shared.wait(duration, Why::new("WAIT01", reason)).await;
    }

    /// How long may be waited for what frees by itself, all together.
    pub fn max_wait(&self) -> Duration {
        self.shared.spec.max_wait
    }

    /// The time at the server, as its answers told it; until then, that of this computer.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.now()
    }

    /// Takes note of a quota that `response` tells in its body. It holds for requests of the same
    /// resource that are signed by the same identity.
    pub fn record_quota(&self, response: &Response, told: &QuotaTold) {
        let Shared { turns, env, .. } = &*self.shared;
        let reset = Some(told.reset_at.timestamp());
        let now = response.date.unwrap_or_else(|| self.now());
        let reading = Reading { limit: told.limit, ..Reading::told(told.remaining, reset, now) };
        let Paid { identity, resource } = &response.paid;
        turns.limits().record_of(identity, resource, &reading, env.clock.elapsed());
    }

    /// Takes note that `response` cost so many points of its resource: they are booked against the
    /// points a minute that the [`Pace`](crate::Pace) declares, and the next request is taken to
    /// cost as many of what is left of the quota.
    pub fn spend(&self, response: &Response, points: u32) {
        let Shared { turns, env, .. } = &*self.shared;
        let Paid { identity, resource } = &response.paid;
        turns.limits().spend(identity, resource, points, env.clock.elapsed());
    }

    /// Counts requests of this run beside those it sent, such as those that one of them held: against
    /// [`ClientSpec::allowance`].
    pub fn count(&self, requests: u64) {
        self.shared.counters.held.fetch_add(requests, Relaxed);
    }

    /// The address under which the API's paths are.
    pub fn base(&self) -> &Url {
        &self.shared.spec.base
    }

    /// Where requests may go.
    pub fn origins(&self) -> &Origins {
        &self.shared.origins
    }

    /// What the client has done so far.
    pub fn stats(&self) -> Stats {
        let Shared { counters, turns, .. } = &*self.shared;
        let limits = turns.limits();
        counters.snapshot(limits.concurrency(), limits.left())
    }
}

impl Shared {
    /// The time at the server.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.server_clock.now(&*self.env.clock)
    }

    /// Waits, and tells it to whoever watches.
    pub(crate) async fn wait(&self, duration: Duration, why: Why<'_>) {
        let Self { env, waits, counters, .. } = self;
        // A long wait is made of steps: who watches wants to know when all of it is over.
        let left = why.end.map(|end| end.saturating_sub(env.clock.elapsed()));
        env.observer.waiting(why.id, left.unwrap_or_default().max(duration));
        waits.wait(&*env.clock, counters, duration, why).await;
    }
}

fn limits(spec: &ClientSpec) -> Result<Limits, Error> {
    let most = spec.most_per_second.map(|most| Rate::new(most, 1));
    for (name, is_usable) in [
        ("max_requests_per_second", most.is_none_or(Rate::is_usable)),
        ("pace", spec.pace.is_usable()),
    ] {
        if !is_usable {
            let rule = "a rate is a positive number";
            return Err(Error::new(Kind::Setting { name, rule }, Site::of(&spec.base)));
        }
    }
    let terms = Terms {
        concurrency: spec.concurrency,
        pace: spec.pace.clone(),
        most_per_second: spec.most_per_second,
        thrift: Thrift { reserve: spec.reserve, widest: spec.max_wait },
    };
    Ok(Limits::new(terms, spec.auth.iter().map(|auth| auth.identity())))
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("origins", &self.shared.origins).finish_non_exhaustive()
    }
}
