//! Where a source pushes pages: encoded here, handed to the writer in the order of fetching.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use singer_http::Response;
use singer_protocol::{
    Cursor, CursorKind, Frame, Keep, Output, PageFacts, PartitionKey, Seen, Stamp,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::error::Error;
use crate::outcome::Outcome;
use crate::partition::{Context, Partition};
use crate::plan::Planned;
use crate::progress::{Progress, Start, Tracker};
use crate::shape::Shape;
use crate::sync::{Job, Run};

/// What the writer is told.
pub(crate) enum Event {
    /// A page to write.
    Page(Batch),
    /// All partitions that there are, for each stream of the plan: the run has seen every one.
    Census(Vec<BTreeSet<PartitionKey>>),
}

/// One page on its way to the writer.
pub(crate) struct Batch {
    pub(crate) stream: usize,
    pub(crate) partition: Option<PartitionKey>,
    pub(crate) output: Output,
    /// The version of the SCHEMA that its records need, if it has any.
    pub(crate) shape: Option<Arc<Shape>>,
    /// What the state may say once the bytes are out.
    pub(crate) progress: Option<Progress>,
    /// Room among the bytes in flight; given back when the batch is dropped.
    pub(crate) _room: Option<OwnedSemaphorePermit>,
}

/// The way to the writer, shared by all workers.
#[derive(Clone)]
pub(crate) struct Outlet {
    pub(crate) events: mpsc::Sender<Event>,
    /// Room for bytes in flight, in KiB.
    pub(crate) room: Arc<Semaphore>,
    /// All of the room: a batch larger than this waits until nothing else is in flight.
    pub(crate) capacity: u32,
}

impl Outlet {
    pub(crate) fn new(events: mpsc::Sender<Event>, max_bytes_in_flight: usize) -> Outlet {
        let capacity = u32::try_from(max_bytes_in_flight >> 10).unwrap_or(u32::MAX >> 4).max(1);
        Outlet { events, room: Arc::new(Semaphore::new(capacity as usize)), capacity }
    }

    async fn send(&self, mut batch: Batch) -> Result<(), Error> {
        let size = u32::try_from(batch.output.lines.len() >> 10).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(size.min(self.capacity)).await;
        batch._room = room.ok();
        // The writer ends before its senders only when stdout failed, and then it has asked the run
        // to stop; its own result says why.
        self.events.send(Event::Page(batch)).await.map_err(|_| Error::Stopped)
    }

    /// Tells the writer of all partitions; a writer that has ended needs it no more.
    pub(crate) async fn census(&self, partitions: Vec<BTreeSet<PartitionKey>>) {
        let _ = self.events.send(Event::Census(partitions)).await;
    }
}

/// Takes the pages of one partition.
pub struct PageSink {
    run: Arc<Run>,
    stream: usize,
    partition: Option<PartitionKey>,
    context: Context,
    tracker: Option<Tracker>,
    outlet: Outlet,
    children: mpsc::UnboundedSender<Job>,
    told_disorder: bool,
    is_held: bool,
    failed: Vec<(Partition, Error)>,
    has_begun: bool,
}

impl PageSink {
    pub(crate) fn new(
        run: Arc<Run>,
        job: &Job,
        start: Start,
        outlet: Outlet,
        children: mpsc::UnboundedSender<Job>,
    ) -> PageSink {
        let tracker = run.plan.stream(job.stream).since().map(|since| Tracker::new(since, start));
        PageSink {
            stream: job.stream,
            partition: job.partition.key(),
            context: job.partition.context().clone(),
            tracker,
            outlet,
            children,
            told_disorder: false,
            is_held: false,
            failed: Vec::new(),
            has_begun: false,
            run,
        }
    }

    /// Says whose records the next pages hold, of a batch of partitions.
    pub fn within(&mut self, partition: &Partition) {
        self.partition = partition.key();
        self.context = partition.context().clone();
    }

    /// From here on no bookmark of this partition moves: something of it could not be had, and the
    /// next run must ask for it again.
    pub fn hold(&mut self) {
        self.is_held = true;
    }

    /// Notes that one partition of a batch cannot be read; the others go on.
    pub fn fail(&mut self, partition: &Partition, error: Error) {
        self.failed.push((partition.clone(), error));
    }

    /// The partitions of a batch that could not be read.
    pub(crate) fn take_failed(&mut self) -> Vec<(Partition, Error)> {
        std::mem::take(&mut self.failed)
    }

    /// Encodes a page and hands it to the writer; waits while the target is behind.
    ///
    /// # Errors
    /// [`Error::Body`] when the page cannot be read: nothing of it was taken, and it may be pushed
    /// again. Anything else ends the run.
    pub async fn push(&mut self, response: &Response, frame: &Frame) -> Result<PageFacts, Error> {
        let run = Arc::clone(&self.run);
        let planned = run.plan.stream(self.stream);
        let now = run.clock.now();
        self.cap_bookmark(planned, response.date.unwrap_or(now));
        let stamp = Stamp { time_extracted: now, version: None };
        let mut output = Output { lines: run.spares.take(), ..Output::default() };
        let mut shape = planned.shapes.current();
        let (facts, tracker, contexts) = loop {
            let (mut tracker, mut contexts) = (self.tracker.clone(), Vec::new());
            let mut decide = |seen: &Seen<'_>| {
                let keep = match (&mut tracker, seen.cursor) {
                    (Some(tracker), Some(cursor)) => tracker.see(cursor),
                    _ => Keep::Emit,
                };
                if !planned.children.is_empty() {
                    contexts.push(self.child_context(planned, seen));
                }
                if planned.selected { keep } else { Keep::Drop }
            };
            let context = self.context.as_slice();
            let facts = shape
                .encoder
                .page(&response.body, frame, context, &stamp, &mut decide, &mut output)
                .map_err(|error| Error::Body { what: error.to_string() })?;
            // With a new field in its schema the page is written again, so that no value is lost.
            match planned.shapes.after(&shape, &output)? {
                Some(newer) => shape = newer,
                None => break (facts, tracker, contexts),
            }
            output.clear();
        };
        check_account(&facts, &output)?;
        self.has_begun = true;
        run.board.stream(self.stream).pages.add(1);
        self.tracker = tracker;
        let progress = self.tracker.as_mut().and_then(Tracker::end_page);
        self.tell_disorder(planned);
        let rejects = run.tallies[self.stream].add(facts.records, &output.rejects);
        self.send(output, Some(shape), progress).await?;
        rejects?;
        for context in contexts {
            self.queue_children(planned, &context);
        }
        Ok(facts)
    }

    /// Whether the rest of the partition is known already, so that reading may end here.
    pub fn is_done(&self) -> bool {
        self.tracker.as_ref().is_some_and(Tracker::is_done_early)
    }

    /// Whether any page of the partition was taken.
    pub(crate) fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Where an ascending list may be taken up again, while it keeps its order.
    pub(crate) fn last_cursor(&self) -> Option<&Cursor> {
        self.tracker.as_ref().and_then(Tracker::last)
    }

    /// Ends the partition, which was read to its end.
    pub(crate) async fn finish(&mut self) -> Result<(), Error> {
        match self.tracker.as_mut().and_then(Tracker::finish) {
            Some(progress) => self.send(Output::default(), None, Some(progress)).await,
            None => Ok(()),
        }
    }

    async fn send(
        &self,
        output: Output,
        shape: Option<Arc<Shape>>,
        progress: Option<Progress>,
    ) -> Result<(), Error> {
        let progress = progress.filter(|_| !self.is_held);
        let (stream, partition) = (self.stream, self.partition.clone());
        let batch = Batch { stream, partition, output, shape, progress, _room: None };
        let sent = self.outlet.send(batch).await;
        if sent.is_err() {
            // The first reason stays: a writer that failed has told its own.
            self.run.stop.request(Outcome::Bug);
        }
        sent
    }

    fn cap_bookmark(&mut self, planned: &Planned, server_now: DateTime<Utc>) {
        let (lag, _) = planned.stream.lag_and_lookback();
        if let (Some(tracker), Some(incremental)) = (&mut self.tracker, &planned.incremental)
            && incremental.kind == CursorKind::Instant
        {
            let lag = TimeDelta::from_std(lag).unwrap_or_default();
            tracker.cap_at(Cursor::Instant(server_now - lag));
        }
    }

    fn tell_disorder(&mut self, planned: &Planned) {
        let kept_order = self.tracker.as_ref().is_none_or(Tracker::kept_order);
        if !kept_order && !self.told_disorder {
            self.told_disorder = true;
            tracing::warn!(
                "[DATA01] records of `{}` do not come in the order of its replication key; the bookmark moves when all are read",
                planned.stream.name()
            );
        }
    }

    /// What the children of a record are given: the context of this partition and the fields that
    /// the stream hands down.
    fn child_context(&self, planned: &Planned, seen: &Seen<'_>) -> Context {
        let mut context = self.context.clone();
        for ((name, _), value) in planned.stream.children_get().iter().zip(seen.context.values()) {
            context.set(name, value.unwrap_or_default());
        }
        context
    }

    fn queue_children(&self, planned: &Planned, context: &Context) {
        for child in &planned.children {
            self.run.board.stream(*child).found.add(1);
            // The scheduler outlives every sink, so the queue is open.
            let _ = self.children.send(self.run.plan.child_job(*child, context.clone()));
        }
    }
}

/// Every record of a page is emitted, dropped or rejected: none vanishes.
fn check_account(facts: &PageFacts, output: &Output) -> Result<(), Error> {
    let booked = output.emitted + output.dropped + output.rejects.len() as u64;
    if facts.records == booked {
        return Ok(());
    }
    Err(Error::Bug {
        what: format!("a page has {} records, but {booked} were booked", facts.records),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_is_not_booked_is_a_fault() {
        let facts = PageFacts { records: 3, needed: Vec::new(), last_key: None };
        let output = |emitted, dropped| Output { emitted, dropped, ..Output::default() };
        assert!(check_account(&facts, &output(2, 1)).is_ok());
        assert!(check_account(&facts, &output(2, 0)).is_err());
    }
}
