//! The limits of one identity: a user, an installation, an account.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::Terms;
use crate::bucket::{Bucket, Pacer};
use crate::concurrency::Aimd;
use crate::kind::Limit;
use crate::pace::Pace;
use crate::quota::{Gate, Hold, Pool, QuotaLeft, Thrift};

pub(super) struct Identity {
    pub(super) name: Arc<str>,
    pub(super) aimd: Aimd,
    in_flight: usize,
    pause: Option<Hold>,
    pacer: Option<Pacer>,
    lanes: HashMap<String, Lane>,
}

/// What requests of one resource share.
pub(super) struct Lane {
    pub(super) pool: Pool,
    pacer: Option<Pacer>,
    points: Option<Bucket>,
}

impl Lane {
    fn new(resource: &str, pace: &Pace) -> Self {
        Self {
            pool: Pool::default(),
            pacer: pace.of_resource(resource).map(|rate| Pacer::new(rate, pace.growth)),
            points: pace.points_of(resource).map(Bucket::new),
        }
    }

    pub(super) fn spend(&mut self, points: u32, now: Duration) {
        self.pool.costs(points.into());
        if let Some(bucket) = &mut self.points {
            bucket.take(points, now);
        }
    }

    /// From when on the declared pace permits a request.
    fn permits_at(&self, now: Duration) -> Duration {
        let pacer = self.pacer.as_ref().map(|pacer| pacer.permits_at(now));
        let points = self.points.as_ref().map(Bucket::permits_at);
        pacer.max(points).unwrap_or_default()
    }
}

impl Identity {
    pub(super) fn new(name: Arc<str>, terms: &Terms) -> Self {
        let pacer = terms.pace.all.map(|rate| Pacer::new(rate, terms.pace.growth));
        let aimd = Aimd::new(terms.concurrency);
        Self { name, aimd, in_flight: 0, pause: None, pacer, lanes: HashMap::new() }
    }

    pub(super) fn lane(&mut self, resource: &str, pace: &Pace) -> &mut Lane {
        if !self.lanes.contains_key(resource) {
            self.lanes.insert(resource.to_owned(), Lane::new(resource, pace));
        }
        self.lanes.get_mut(resource).expect("it was put there if it was missing")
    }

    /// What holds a request longest, if anything does.
    pub(super) fn gate(&self, resource: &str, terms: &Terms, now: Duration) -> Gate {
        let lane = self.lanes.get(resource);
        let pool = lane.map_or(Gate::Open, |lane| lane.pool.gate(&terms.thrift, now));
        let pace = [
            self.pacer.as_ref().map(|pacer| pacer.permits_at(now)),
            lane.map(|lane| lane.permits_at(now)),
        ];
        let pace = pace.into_iter().flatten().max().map(|at| Hold::new(Limit::Pace, at));
        let told = if let Gate::Held(hold) = pool { Some(hold) } else { None };
        let holds = [self.pause, told, pace].into_iter().flatten();
        match holds.filter(|hold| hold.until > now).max_by_key(|hold| hold.until) {
            Some(hold) => Gate::Held(hold),
            None if pool == Gate::Busy || self.in_flight >= self.aimd.limit() => Gate::Busy,
            None => Gate::Open,
        }
    }

    /// What is left, more being better, and how much is in flight, less being better.
    pub(super) fn rank(&self, resource: &str, thrift: &Thrift, now: Duration) -> (f64, usize) {
        let plenty = self.lanes.get(resource).map(|lane| lane.pool.plenty(thrift, now));
        (plenty.unwrap_or(f64::INFINITY), self.in_flight)
    }

    /// A request goes; gives the era in which it does.
    pub(super) fn take(&mut self, resource: &str, terms: &Terms, now: Duration) -> u64 {
        self.in_flight += 1;
        if let Some(pacer) = &mut self.pacer {
            pacer.take(now);
        }
        let lane = self.lane(resource, &terms.pace);
        if let Some(pacer) = &mut lane.pacer {
            pacer.take(now);
        }
        lane.pool.take(&terms.thrift, now);
        self.aimd.era()
    }

    pub(super) fn give_back(&mut self, resource: &str) {
        self.in_flight -= 1;
        if let Some(lane) = self.lanes.get_mut(resource) {
            lane.pool.give_back();
        }
    }

    pub(super) fn throttled(&mut self, resource: &str, era: u64, now: Duration) {
        if self.aimd.throttled(era) {
            let lane = self.lanes.get_mut(resource).and_then(|lane| lane.pacer.as_mut());
            self.pacer.iter_mut().chain(lane).for_each(|pacer| pacer.throttled(now));
        }
    }

    pub(super) fn pause(&mut self, hold: Hold) {
        if self.pause.is_none_or(|known| known.until < hold.until) {
            self.pause = Some(hold);
        }
    }

    pub(super) fn left(&self) -> impl Iterator<Item = QuotaLeft> + '_ {
        self.lanes.iter().filter_map(|(resource, lane)| {
            Some(QuotaLeft {
                credential: self.name.clone(),
                resource: resource.clone(),
                limit: lane.pool.limit,
                remaining: lane.pool.remaining?,
            })
        })
    }
}
