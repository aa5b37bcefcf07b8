//! The client: everything that requests of one API share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use url::Url;

use http::HeaderValue;

use crate::backoff::backoff;
use crate::concurrency::Slots;
use crate::env::Env;
use crate::error::{Error, Site};
use crate::kind::Kind;
use crate::origin::Origins;
use crate::quota::Quotas;
use crate::request::Request;
use crate::response::Response;
use crate::send::Sending;
use crate::spares::Spares;
use crate::spec::ClientSpec;
use crate::stats::{Counters, Stats};
use crate::wait::Waits;

/// A polite client of one API. Cheap to clone; clones share limits and statistics.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) spec: ClientSpec,
    pub(crate) env: Env,
    pub(crate) origins: Origins,
    pub(crate) quotas: Quotas,
    pub(crate) slots: Slots,
    pub(crate) waits: Waits,
    pub(crate) spares: Spares,
    pub(crate) counters: Counters,
    pub(crate) told_odd_reset: AtomicBool,
    pub(crate) user_agent: HeaderValue,
}

impl Client {
    /// A client as `spec` describes it.
    ///
    /// # Errors
    /// If the base address or a further origin may not be talked to, or the user agent is no
    /// header's value.
    pub fn new(spec: ClientSpec, env: Env) -> Result<Self, Error> {
        let user_agent = HeaderValue::from_str(&spec.user_agent).map_err(|_| {
            let rule = "it consists of visible ASCII characters";
            Error::new(Kind::Setting { name: "user_agent", rule }, Site::of(&spec.base))
        })?;
        let shared = Shared {
            origins: Origins::new(&spec.base, &spec.origins)?,
            quotas: Quotas::default(),
            slots: Slots::new(spec.concurrency),
            waits: Waits::default(),
            spares: Spares::default(),
            counters: Counters::default(),
            told_odd_reset: AtomicBool::new(false),
            user_agent,
            spec,
            env,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Sends `request` until there is a page or it is clear that there will be none: retries,
    /// refreshes, redirects and waits happen inside. May be dropped at any await.
    ///
    /// # Errors
    /// [`Error::scope`] says how much it stops. A broken body never comes back as a page.
    pub async fn send(&self, request: &Request) -> Result<Response, Error> {
        Sending::new(&self.shared, request).run().await
    }

    /// The wait before a page is asked for again because its body did not parse, which counts as
    /// a retry: `attempt` counts from 0.
    pub async fn backoff(&self, attempt: u32) {
        let Shared { env, waits, counters, .. } = &*self.shared;
        counters.retries.fetch_add(1, Relaxed);
        let wait = backoff(attempt, &*env.random);
        env.observer.waiting("BODY02", wait);
        waits.wait(&*env.clock, counters, wait, "BODY02", "a page could not be read").await;
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
        let Shared { counters, slots, quotas, .. } = &*self.shared;
        counters.snapshot(slots.limit(), quotas.left())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("origins", &self.shared.origins).finish_non_exhaustive()
    }
}
