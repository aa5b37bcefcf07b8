//! What became of each stream, and how the run ends.

mod ending;
mod summary;
mod trial;

use std::collections::BTreeMap;
use std::time::Duration;

use singer_http::Scope;

use crate::error::Error;
use crate::job::Job;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::sync::Run;

pub(crate) use ending::{Ending, Took};

/// So many partitions of a stream in a row that cannot be read mean that the stream cannot.
const MOST_BAD: u64 = 5;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    /// Each stream that was read, in the tap's order.
    pub(crate) streams: Vec<StreamReport>,
    /// Why the run ended before its time, if it did.
    pub(crate) aborted: Option<Error>,
}

/// What became of one stream.
#[derive(Debug, Default)]
pub(crate) struct StreamReport {
    /// Its name.
    pub(crate) name: String,
    /// Whether it was selected; an unselected parent is read for its children only.
    pub(crate) selected: bool,
    /// Records written.
    pub(crate) records: u64,
    /// Records that were rejected.
    pub(crate) rejected: u64,
    /// Values that did not fit.
    pub(crate) misfits: u64,
    /// Requests that were sent for it.
    pub(crate) requests: u64,
    /// How long it was read, from its first partition to its last.
    pub(crate) took: Duration,
    /// Partitions that were read to their end.
    pub(crate) complete: u64,
    /// Partitions that were skipped, by message id.
    pub(crate) skipped: BTreeMap<&'static str, u64>,
    /// Partitions that the API has nothing for, by a status that the stream tolerates.
    pub(crate) tolerated: u64,
    /// Partitions whose reading began.
    pub(crate) begun: u64,
    /// A list of it changed while it was read.
    is_unstable: bool,
    /// Partitions in a row that could not be read.
    bad_in_a_row: u64,
    /// The stream whose records it is read for.
    parent: Option<usize>,
    /// Whether other streams are read for each of its records.
    has_children: bool,
    /// Why it stopped as a whole, if it did.
    pub(crate) failed: Option<&'static str>,
    /// The worst that happened to it.
    pub(crate) worst: Option<Outcome>,
}

impl Report {
    pub(crate) fn new(plan: &Plan) -> Report {
        let parent_of = |child: usize| {
            plan.streams().iter().position(|planned| planned.children.contains(&child))
        };
        let streams = plan.streams().iter().enumerate().map(|(at, planned)| StreamReport {
            name: planned.stream.name().to_owned(),
            selected: planned.selected,
            has_children: !planned.children.is_empty(),
            parent: parent_of(at),
            ..StreamReport::default()
        });
        Report { streams: streams.collect(), aborted: None }
    }

    pub(crate) fn complete(&mut self, stream: usize) {
        self.streams[stream].complete += 1;
        self.streams[stream].bad_in_a_row = 0;
    }

    /// Books a partition that the API has nothing for, and tells of the first one.
    pub(crate) fn tolerate(&mut self, job: &Job, status: u16) {
        let stream = &mut self.streams[job.stream];
        stream.tolerated += 1;
        stream.bad_in_a_row = 0;
        if stream.tolerated == 1 {
            let of = job.partition.key().map_or(String::new(), |key| format!(" of {key}"));
            tracing::info!(
                stream = stream.name,
                "[PERM05] `{}`{of} is switched off or not to be had (status {status}, which the stream tolerates); nothing is read, the bookmark stays. Further ones are only counted",
                stream.name
            );
        }
    }

    /// Whether a partition of a stream is to be read, and books that; a probe reads the first one.
    pub(crate) fn begin(&mut self, stream: usize, probe: bool) -> bool {
        let stream = &mut self.streams[stream];
        let goes = stream.failed.is_none() && !(probe && stream.begun > 0);
        stream.begun += u64::from(goes);
        goes
    }

    /// Whether a stream was stopped as a whole.
    pub(crate) fn has_stopped(&self, stream: usize) -> bool {
        self.streams[stream].failed.is_some()
    }

    /// Books and tells a partition that could not be read.
    pub(crate) fn fail(&mut self, job: &Job, error: Error) {
        let stream = &mut self.streams[job.stream];
        let (id, name) = (error.id(), stream.name.clone());
        let place = match job.partition.key() {
            Some(key) => format!("{key} in `{name}`"),
            None => format!("`{name}`"),
        };
        stream.worst =
            Some(stream.worst.map_or(error.outcome(), |worst| worst.worst(error.outcome())));
        // What ends a stream may be one partition's own: a page that a proxy cannot carry, a query
        // that is refused. The others go on, until it is plain that it is not.
        stream.bad_in_a_row += 1;
        let goes_on = job.partition.key().is_some()
            && stream.bad_in_a_row < MOST_BAD
            && !matches!(error, Error::Rejects { .. } | Error::NewField { .. });
        match error.scope() {
            Scope::Stream if !goes_on => {
                stream.failed = Some(id);
                tracing::error!(stream = name, "[{id}] stopped stream at {place}: {error}");
            }
            Scope::Partition | Scope::Stream => {
                *stream.skipped.entry(id).or_default() += 1;
                let under = if stream.has_children { " and everything under it" } else { "" };
                tracing::warn!(
                    stream = name,
                    "[{id}] skipped {place}{under}: {error}. Its bookmark stays where reading got to"
                );
            }
            Scope::Run => self.abort(error),
        }
    }

    /// Books what ends the run; the first reason stays, unless the later one is worse.
    pub(crate) fn abort(&mut self, error: Error) {
        let is_worse = self.aborted.as_ref().is_none_or(|first| {
            first.outcome() != error.outcome()
                && first.outcome().worst(error.outcome()) == error.outcome()
        });
        if is_worse {
            self.aborted = Some(error);
        }
    }

    /// Takes over what was counted while the run went on.
    pub(crate) fn add_counts(&mut self, run: &Run) {
        for (at, stream) in self.streams.iter_mut().enumerate() {
            let live = run.board.stream(at);
            stream.records = live.records.get();
            stream.rejected = live.rejected.get();
            stream.misfits = live.misfits.get();
            stream.requests = run.metrics.requests(&stream.name);
            stream.took = live.took(run.clock.elapsed());
        }
    }

    /// How the run ends, told to stop for `reason` or not.
    pub(crate) fn outcome(&self, reason: Option<Outcome>) -> Outcome {
        let aborted = self.aborted.as_ref().map(Error::outcome);
        if let Some(outcome) = aborted.into_iter().chain(reason).reduce(Outcome::worst) {
            return outcome;
        }
        let worst = self.streams.iter().filter_map(|stream| stream.worst).reduce(Outcome::worst);
        let is_rejecting = self.streams.iter().any(|stream| stream.rejected > 0);
        match worst {
            Some(worst) if !self.is_anything_read() => worst,
            Some(_) => Outcome::Partial,
            None if is_rejecting => Outcome::Partial,
            None => Outcome::Ok,
        }
    }

    /// Books that something of a partition could not be had, of which its source has told.
    pub(crate) fn note_held(&mut self, stream: usize) {
        let stream = &mut self.streams[stream];
        let partial = Outcome::Partial;
        stream.worst = Some(stream.worst.map_or(partial, |worst| worst.worst(partial)));
    }

    /// Books and tells that a list changed while it was read.
    pub(crate) fn note_unstable(&mut self, job: &Job) {
        let stream = &mut self.streams[job.stream];
        stream.is_unstable = true;
        let place = job.partition.key().map_or(String::new(), |key| format!("{key} in "));
        tracing::warn!(
            stream = stream.name,
            "[PAGE06] the list of {place}`{}` kept changing while it was read; a record that slipped past is read by the next run",
            stream.name
        );
    }

    /// Whether every record of a stream was read: of each of its partitions, and of all above it,
    /// whose records are its partitions.
    pub(crate) fn is_enumerated(
        &self,
        stream: usize,
        is_rejecting: &dyn Fn(usize) -> bool,
    ) -> bool {
        let is_whole = |at: usize| {
            let stream = &self.streams[at];
            let is_complete = stream.begun == stream.complete && stream.worst.is_none();
            is_complete && !stream.is_unstable && !is_rejecting(at)
        };
        let mut line = std::iter::successors(Some(stream), |stream| self.streams[*stream].parent);
        self.aborted.is_none() && self.streams[stream].begun > 0 && line.all(is_whole)
    }

    /// Whether every partition that there is was read.
    pub(crate) fn is_whole(&self) -> bool {
        self.aborted.is_none() && self.streams.iter().all(|stream| stream.worst.is_none())
    }

    /// Whether partitions of a stream may be missing because something above it was not read.
    fn is_short_above(&self, stream: &StreamReport) -> bool {
        stream.parent.map(|parent| &self.streams[parent]).is_some_and(|parent| {
            parent.worst.is_some() || parent.rejected > 0 || self.is_short_above(parent)
        })
    }

    /// Whether any selected stream read a partition to its end, and went on without failing.
    fn is_anything_read(&self) -> bool {
        self.streams
            .iter()
            .any(|stream| stream.selected && stream.complete > 0 && stream.failed.is_none())
    }
}
