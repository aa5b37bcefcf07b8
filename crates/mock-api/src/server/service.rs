//! The way of a request: gate, room, validator, fault, compression.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flate2::{Compression, GzBuilder};

use crate::clock::Clock;
use crate::fault::Faults;
use crate::quota::{Quotas, Standing, Taken};
use crate::server::{Answer, Api, Caller, Delivery, Journal, Refusal, Request, etag};
use crate::{Error, ServeOptions, admin};

/// Bodies below that many bytes are not worth compressing.
const MIN_COMPRESSED: usize = 256;

/// Everything that answers requests; shared by all connections.
pub(crate) struct Service {
    pub(crate) api: Box<dyn Api>,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) latency: Duration,
    quotas: Quotas,
    tokens: Vec<String>,
    base_path: String,
    gzip: bool,
    serial: AtomicU64,
}

impl Service {
    pub(crate) fn new(api: Box<dyn Api>, options: &ServeOptions) -> Result<Self, Error> {
        let faults = match &options.faults {
            Some(path) => Faults::read(path)?,
            None => Faults::default(),
        };
        let tokens = options.tokens.iter().map(|text| token(text));
        let own = tokens.clone().filter_map(|(token, own)| Some((token.to_owned(), own?)));
        Ok(Self {
            quotas: Quotas::new(api.pools(), options.secondary, own.collect()),
            api,
            clock: Clock::new(options.date, options.still),
            faults,
            journal: Journal::new(options.journal),
            latency: Duration::from_millis(options.latency_ms),
            tokens: tokens.map(|(token, _)| token.to_owned()).collect(),
            base_path: options.base_path.clone(),
            gzip: !options.no_gzip,
            serial: AtomicU64::new(0),
        })
    }

    /// Answers a request: what is said, and how its bytes go out.
    pub(crate) fn handle(&self, request: &Request) -> (Answer, Delivery) {
        if let Some(action) = request.path.strip_prefix("/_mock/") {
            let mut answer = admin::answer(self, action, request);
            self.date(&mut answer);
            return (answer, Delivery::default());
        }
        let under = request.under(&self.base_path);
        let (answer, refused) = match &under {
            Some(request) => self.decide(request),
            // Before it there is a web server, which knows nothing of the API.
            None => (Answer { status: 404, ..Answer::default() }, true),
        };
        let (mut answer, delivery, outcome) = match self.faults.due(request, &answer) {
            Some(due) if !refused => {
                let name = due.name().to_owned();
                if let Some((action, change)) = due.change() {
                    self.api.admin(action, &change, self.clock.seconds());
                }
                let (answer, delivery) = due.apply(request, answer);
                (answer, delivery, Some(name))
            }
            _ => (answer, Delivery::default(), None),
        };
        self.date(&mut answer);
        if !delivery.plain {
            self.compress(request, &mut answer);
        }
        let outcome = outcome.map_or_else(
            || answer.status.to_string(),
            |name| format!("{} ({name})", answer.status),
        );
        let path = under.as_ref().map_or(&request.path, |under| &under.path);
        self.journal.note(request, self.api.pattern(path), outcome);
        (answer, delivery)
    }

    /// The honest answer, and whether the gate refused.
    fn decide(&self, request: &Request) -> (Answer, bool) {
        let now = self.clock.seconds();
        let sent = request.credential();
        let sent = sent.as_ref();
        let is_accepted = || self.tokens.is_empty() || self.tokens.iter().any(|one| one == sent);
        let is_good = self.api.knows(request, now).unwrap_or_else(is_accepted);
        let identity = self.api.identity(sent);
        let credential = identity.as_str();
        let caller = Caller { credential, now, quotas: &self.quotas };
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let finish = |mut answer: Answer, standing: Option<Standing>, refused| {
            self.api.sign(&mut answer, standing.as_ref(), serial);
            (answer, refused)
        };
        if !is_good {
            return finish(self.api.refuse(Refusal::Credential, "", &caller), None, true);
        }
        let Some(pool) = self.api.pool(request) else {
            return finish(self.api.answer(request, &caller), None, false);
        };
        let cost = self.api.cost(request);
        match self.quotas.take(credential, pool, cost, now) {
            Taken::Granted(standing) => {
                let answer = etag::validate(request, self.api.answer(request, &caller));
                let free = answer.status == 304;
                let standing = if free {
                    self.quotas.give_back(credential, pool, cost, now)
                } else {
                    standing
                };
                finish(answer, Some(standing), false)
            }
            Taken::Spent(standing) => {
                finish(self.api.refuse(Refusal::Quota, pool, &caller), Some(standing), true)
            }
            Taken::TooFast { standing, retry_after } => {
                let refusal = Refusal::Secondary { retry_after };
                finish(self.api.refuse(refusal, pool, &caller), Some(standing), true)
            }
        }
    }

    fn date(&self, answer: &mut Answer) {
        if answer.header("date").is_none() {
            answer.set("date", httpdate::fmt_http_date(self.clock.now()));
        }
    }

    fn compress(&self, request: &Request, answer: &mut Answer) {
        let worth = answer.body.len() >= MIN_COMPRESSED;
        if self.gzip && worth && request.wants_gzip() && answer.header("content-encoding").is_none()
        {
            let mut writer = GzBuilder::new().write(Vec::new(), Compression::fast());
            let packed = writer.write_all(&answer.body).and_then(|()| writer.finish());
            answer.body = packed.expect("a `Vec` takes any number of bytes");
            answer.set("content-encoding", "gzip");
        }
    }
}

/// A token, and the quota that is its own.
fn token(text: &str) -> (&str, Option<u64>) {
    let pair = text.split_once('=').and_then(|(token, quota)| Some((token, quota.parse().ok()?)));
    pair.map_or((text, None), |(token, quota)| (token, Some(quota)))
}
