//! All limits of a client as one state without clock and without waits: which credential may send
//! now, or from when on.

mod identity;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::breaker::{Breaker, Circuit, Health};
use crate::bucket::Bucket;
use crate::kind::Limit;
use crate::pace::{Pace, Rate};
use crate::quota::{Gate, Hold, QuotaLeft, Thrift};
use crate::reading::Reading;

use identity::Identity;

/// In flight at most over all identities, unless one alone may have more.
const MOST_IN_FLIGHT: usize = 60;

/// What the limits are made of.
pub(crate) struct Terms {
    /// In flight at most for each identity.
    pub(crate) concurrency: usize,
    pub(crate) pace: Pace,
    /// Over everything.
    pub(crate) most_per_second: Option<f64>,
    pub(crate) thrift: Thrift,
}

/// Who could send, and what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// The credentials that serve the request.
    pub(crate) serving: &'a [usize],
    pub(crate) resource: &'a str,
    pub(crate) origin: &'a str,
}

/// The right to send one request now, with this credential.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) credential: usize,
    identity: usize,
    resource: String,
    origin: String,
    era: u64,
    probe: bool,
}

/// What came of a wish.
#[derive(Debug)]
pub(crate) enum Decision {
    Go(Ticket),
    /// Once a request has come back, or at this moment.
    Busy(Option<Duration>),
    /// All must wait, the credential that is meant the shortest.
    Held(usize, Hold),
    /// Every credential that serves it was dropped.
    Nobody,
    /// The origin is not tried any more.
    Dead,
}

#[derive(Debug)]
struct Credential {
    identity: usize,
    dropped: bool,
}

/// All limits of a client.
pub(crate) struct Limits {
    terms: Terms,
    credentials: Vec<Credential>,
    identities: Vec<Identity>,
    breakers: HashMap<String, Breaker>,
    whole: Option<Bucket>,
    in_flight: usize,
}

impl Limits {
    /// Limits for credentials, each given by whose it is.
    pub(crate) fn new(terms: Terms, owners: impl IntoIterator<Item = Arc<str>>) -> Self {
        let mut identities: Vec<Identity> = Vec::new();
        let credentials = owners.into_iter().map(|owner| {
            let known = identities.iter().position(|identity| identity.name == owner);
            let identity = known.unwrap_or_else(|| {
                identities.push(Identity::new(owner, &terms));
                identities.len() - 1
            });
            Credential { identity, dropped: false }
        });
        let credentials = credentials.collect();
        let whole = terms.most_per_second.map(|most| Bucket::new(Rate::new(most, 1)));
        Self { terms, credentials, identities, breakers: HashMap::new(), whole, in_flight: 0 }
    }

    /// Takes the right to send now, with the credential that has most left, or tells from when on.
    pub(crate) fn decide(&mut self, wish: &Wish<'_>, now: Duration) -> Decision {
        match self.circuit(wish.origin, now) {
            Circuit::Closed => {}
            Circuit::Probing => return Decision::Busy(None),
            Circuit::Open(until) => {
                let Some(first) = wish.serving.first() else { return Decision::Nobody };
                return Decision::Held(*first, Hold::new(Limit::Circuit, until));
            }
            Circuit::Dead => return Decision::Dead,
        }
        let mut best: Option<(usize, (f64, usize))> = None;
        let mut earliest: Option<(usize, Hold)> = None;
        let mut busy = false;
        for at in self.alive(wish.serving) {
            match self.gate(at, wish.resource, now) {
                Gate::Open => {
                    let identity = &self.identities[self.credentials[at].identity];
                    let rank = identity.rank(wish.resource, &self.terms.thrift, now);
                    if best.is_none_or(|(_, known)| {
                        rank.0 > known.0 || (rank.0 == known.0 && rank.1 < known.1)
                    }) {
                        best = Some((at, rank));
                    }
                }
                Gate::Busy => busy = true,
                Gate::Held(hold) => {
                    if earliest.is_none_or(|(_, known)| hold.until < known.until) {
                        earliest = Some((at, hold));
                    }
                }
            }
        }
        match (best, earliest) {
            (Some((at, _)), _) => Decision::Go(self.take(at, wish, now)),
            (None, earliest) if busy => Decision::Busy(earliest.map(|(_, hold)| hold.until)),
            (None, Some((at, hold))) => Decision::Held(at, hold),
            (None, None) => Decision::Nobody,
        }
    }

    /// How many of the credentials that serve the request could send it now or soon, and how many
    /// there were at the start.
    pub(crate) fn usable(&self, wish: &Wish<'_>, now: Duration) -> (usize, usize) {
        let is_long = |gate| matches!(gate, Gate::Held(hold) if hold.limit.is_told());
        let usable = self.alive(wish.serving);
        let usable = usable.into_iter().filter(|at| !is_long(self.gate(*at, wish.resource, now)));
        (usable.count(), wish.serving.len())
    }

    /// The credentials that are held for the request though others are not, and how.
    pub(crate) fn held(&self, wish: &Wish<'_>, now: Duration) -> Vec<(usize, Hold)> {
        let held = self.alive(wish.serving).into_iter().filter_map(|at| {
            match self.gate(at, wish.resource, now) {
                Gate::Held(hold) if hold.limit.is_told() => Some((at, hold)),
                _ => None,
            }
        });
        held.collect()
    }

    /// Does without a credential from now on; whether it was still in use.
    pub(crate) fn drop_credential(&mut self, at: usize) -> bool {
        !std::mem::replace(&mut self.credentials[at].dropped, true)
    }

    /// How many credentials were not dropped.
    pub(crate) fn left_of_pool(&self) -> usize {
        self.credentials.iter().filter(|credential| !credential.dropped).count()
    }

    fn alive(&self, serving: &[usize]) -> Vec<usize> {
        serving.iter().copied().filter(|at| !self.credentials[*at].dropped).collect()
    }

    fn circuit(&self, origin: &str, now: Duration) -> Circuit {
        self.breakers.get(origin).map_or(Circuit::Closed, |breaker| breaker.circuit(now))
    }

    fn gate(&self, credential: usize, resource: &str, now: Duration) -> Gate {
        let identity = &self.identities[self.credentials[credential].identity];
        let gate = identity.gate(resource, &self.terms, now);
        let whole = self.whole.as_ref().map(Bucket::permits_at).filter(|at| *at > now);
        match (gate, whole) {
            (Gate::Held(hold), Some(at)) if hold.until >= at => Gate::Held(hold),
            (_, Some(at)) => Gate::Held(Hold::new(Limit::Pace, at)),
            (Gate::Open, None) if self.in_flight >= self.most_in_flight() => Gate::Busy,
            (gate, None) => gate,
        }
    }

    fn most_in_flight(&self) -> usize {
        MOST_IN_FLIGHT.max(self.terms.concurrency)
    }

    fn take(&mut self, credential: usize, wish: &Wish<'_>, now: Duration) -> Ticket {
        let at = self.credentials[credential].identity;
        let era = self.identities[at].take(wish.resource, &self.terms, now);
        if let Some(whole) = &mut self.whole {
            whole.take(1, now);
        }
        self.in_flight += 1;
        let probe = self.breakers.get_mut(wish.origin).is_some_and(Breaker::take);
        let (resource, origin) = (wish.resource.to_owned(), wish.origin.to_owned());
        Ticket { credential, identity: at, resource, origin, era, probe }
    }

    /// The request came back, or was given up. Every ticket must come back once.
    pub(crate) fn give_back(&mut self, ticket: &Ticket, health: Option<Health>, now: Duration) {
        self.in_flight -= 1;
        self.identities[ticket.identity].give_back(&ticket.resource);
        let is_news = matches!(health, Some(Health::Failed | Health::TimedOut));
        if is_news && !self.breakers.contains_key(&ticket.origin) {
            self.breakers.insert(ticket.origin.clone(), Breaker::default());
        }
        if let Some(breaker) = self.breakers.get_mut(&ticket.origin) {
            breaker.returned(ticket.probe, health, now);
        }
    }

    pub(crate) fn clean(&mut self, ticket: &Ticket) {
        self.identities[ticket.identity].aimd.clean();
    }

    /// Less in flight, and more slowly where the rate gives way.
    pub(crate) fn throttled(&mut self, ticket: &Ticket, now: Duration) {
        self.identities[ticket.identity].throttled(&ticket.resource, ticket.era, now);
    }

    /// One at a time.
    pub(crate) fn alone(&mut self, ticket: &Ticket) {
        self.identities[ticket.identity].aimd.alone();
    }

    /// The identity must not be used for anything until then.
    pub(crate) fn pause(&mut self, ticket: &Ticket, hold: Hold) {
        self.identities[ticket.identity].pause(hold);
    }

    /// Nothing is left of the pool until then, whatever name the answer gave it.
    pub(crate) fn block(&mut self, ticket: &Ticket, until: Duration) {
        let lane = self.identities[ticket.identity].lane(&ticket.resource, &self.terms.pace);
        lane.pool.block(until);
    }

    /// Takes note of what an answer told.
    pub(crate) fn record(&mut self, ticket: &Ticket, reading: &Reading, now: Duration) {
        let resource = reading.resource.as_ref().unwrap_or(&ticket.resource);
        let identity = &mut self.identities[ticket.identity];
        identity.lane(resource, &self.terms.pace).pool.record(reading, now);
    }

    /// The same from a source, about an answer that came back before.
    pub(crate) fn record_of(
        &mut self,
        identity: &str,
        resource: &str,
        reading: &Reading,
        now: Duration,
    ) {
        if let Some(identity) = self.identity(identity) {
            let pace = &self.terms.pace;
            self.identities[identity].lane(resource, pace).pool.record(reading, now);
        }
    }

    /// An answer that came back before took so many points.
    pub(crate) fn spend(&mut self, identity: &str, resource: &str, points: u32, now: Duration) {
        if let Some(identity) = self.identity(identity) {
            self.identities[identity].lane(resource, &self.terms.pace).spend(points, now);
        }
    }

    fn identity(&self, name: &str) -> Option<usize> {
        self.identities.iter().position(|identity| &*identity.name == name)
    }

    pub(crate) fn name(&self, ticket: &Ticket) -> Arc<str> {
        self.identities[ticket.identity].name.clone()
    }

    /// How many requests may be in flight now.
    pub(crate) fn concurrency(&self) -> usize {
        let limits = self.identities.iter().map(|identity| identity.aimd.limit());
        limits.sum::<usize>().min(self.most_in_flight())
    }

    /// What is left of every quota that was told.
    pub(crate) fn left(&self) -> Vec<QuotaLeft> {
        let mut left: Vec<_> = self.identities.iter().flat_map(Identity::left).collect();
        left.sort_by(|a, b| (&a.credential, &a.resource).cmp(&(&b.credential, &b.resource)));
        left
    }
}

#[cfg(test)]
mod tests;
