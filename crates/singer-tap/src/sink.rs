//! Where a source pushes pages: encoded here, handed to the writer in the order of fetching.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use singer_http::Response;
use singer_protocol::{Cursor, Frame, Keep, Output, PageFacts, PartitionKey, Seen, Stamp};

use crate::children::Children;
use crate::error::Error;
use crate::horizon::{self, Horizon};
use crate::job::{Job, Part};
use crate::once::Claim;
use crate::outcome::Outcome;
use crate::outlet::{Batch, Outlet};
use crate::page::Paginator;
use crate::pagination::SinglePage;
use crate::partition::{Context, Partition};
use crate::plan::Planned;
use crate::progress::{Progress, Tracker};
use crate::reading::Reading;
use crate::shape::Shape;
use crate::sync::Run;
use crate::window::{Descent, Window};

/// Takes the pages of one partition.
pub struct PageSink {
    run: Arc<Run>,
    stream: usize,
    route: usize,
    partition: Option<PartitionKey>,
    context: Context,
    tracker: Option<Tracker>,
    outlet: Outlet,
    children: Children,
    told_disorder: bool,
    is_held: bool,
    /// When reading began, by the server's clock as far as it is known.
    began: DateTime<Utc>,
    /// No bookmark goes beyond this time, whatever the server's clock says.
    latest: Option<DateTime<Utc>>,
    failed: Vec<(Partition, Error)>,
    /// Pages and records so far.
    pages: u64,
    records: u64,
    /// What tells the keys of the last page from others.
    keys: u64,
    is_unstable: bool,
    is_postponed: bool,
    /// The way down a window whose records come newest first, and where it was left.
    descent: Option<Descent>,
    left: Option<Cursor>,
}

impl PageSink {
    pub(crate) fn new(
        run: Arc<Run>,
        job: &Job,
        reading: &Reading,
        outlet: Outlet,
        mut children: Children,
    ) -> PageSink {
        let scanned = run.plan.stream(job.stream).scanned();
        let start_date = scanned.and_then(|scanned| scanned.at_start(&run));
        let descends = run.plan.stream(job.stream).stream.is_newest_first();
        let (tracker, window) = match &job.part {
            Part::Whole => (reading.tracker(None), None),
            Part::Window(_, window) => (reading.tracker(Some(window)), Some(window)),
            Part::Events(_) => (Some(Tracker::Every(start_date.clone())), None),
            Part::Change(_) | Part::Pending(_) => (None, None),
        };
        match &job.part {
            Part::Events(_) => children.follow_every(start_date.as_ref()),
            _ => children.follow(reading.followers(window)),
        }
        PageSink {
            stream: job.stream,
            route: job.route,
            partition: job.partition.key(),
            context: job.partition.context().clone(),
            tracker,
            outlet,
            children,
            told_disorder: false,
            is_held: false,
            began: run.client.now(),
            latest: reading.latest,
            failed: Vec::new(),
            pages: 0,
            records: 0,
            keys: 0,
            is_unstable: false,
            is_postponed: false,
            descent: window.filter(|_| descends).map(Descent::new),
            left: None,
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
        self.children.hold();
    }

    /// Says that what the window holds is not to be had yet: it is read by a later run, and this is no
    /// failure.
    pub fn postpone(&mut self) {
        self.is_postponed = true;
    }

    /// Where the window ends that is read: one that reaches into the future ends here and now at the
    /// server's time, less the stream's lag. None where there is no window.
    ///
    /// To be asked for before the first request, whose answer must hold all up to there.
    pub fn window_end(&mut self, window: Option<&Window>) -> Option<Cursor> {
        let run = Arc::clone(&self.run);
        let planned = run.plan.stream(self.stream);
        let now = run.client.now().trunc_subsecs(0);
        self.cap_bookmarks(planned, now);
        let end = window?.to.clone();
        end.or_else(|| planned.scanned()?.at(now - lag(planned)))
    }

    /// Says whether from here on records of a window come in ascending order of the replication key: then
    /// the bookmark moves with every page, else when all of the window is read.
    pub fn ascend(&mut self, ascends: bool) {
        self.tracker.iter_mut().for_each(|tracker| tracker.ascend(ascends));
    }

    /// How far records have come since [`PageSink::ascend`], while they keep their order, and whether the last
    /// one has that value: a record that changed meanwhile comes with a value from beyond the window.
    pub fn last_in_order(&self) -> Option<(&Cursor, bool)> {
        self.tracker.as_ref().and_then(Tracker::last_in_order)
    }

    /// Says that every change before this instant was pushed, for a source of changes; those of the
    /// last moments, which the stream's lag says may show late, are asked for again.
    ///
    /// # Errors
    /// The run ends.
    pub async fn reached(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        let run = Arc::clone(&self.run);
        let planned = run.plan.stream(self.stream);
        let progress = Progress::Events(at.min(self.began - lag(planned)));
        if planned.incremental.is_some() {
            self.send(Output::default(), None, Some(progress.clone())).await?;
        }
        self.children.pass(&progress, &self.outlet).await
    }

    /// Notes that one partition of a batch cannot be read; the others go on.
    pub fn fail(&mut self, partition: &Partition, error: Error) {
        self.failed.push((partition.clone(), error));
    }

    pub(crate) fn has_failed(&self) -> bool {
        !self.failed.is_empty()
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
        self.take(&response.body, response.date, frame, &SinglePage).await
    }

    /// The same with a body that a source has made of what it read.
    ///
    /// # Errors
    /// As [`PageSink::push`].
    pub async fn push_body(&mut self, body: &[u8], frame: &Frame) -> Result<PageFacts, Error> {
        self.take(body, None, frame, &SinglePage).await
    }

    /// Whether a field of the stream's records is read by anyone: it is selected, or given to other
    /// streams.
    pub fn reads(&self, field: &str) -> bool {
        self.run.plan.stream(self.stream).reads(field)
    }

    /// The same with a body that may have been made of an answer, if `paginator` admits it; `date` is
    /// the server's clock, if it told.
    ///
    /// # Errors
    /// As [`PageSink::push`]; and those of [`Paginator::admit`], and then nothing of it was taken.
    pub(crate) async fn take(
        &mut self,
        body: &[u8],
        date: Option<DateTime<Utc>>,
        frame: &Frame,
        paginator: &dyn Paginator,
    ) -> Result<PageFacts, Error> {
        let run = Arc::clone(&self.run);
        let planned = run.plan.stream(self.stream);
        let now = run.clock.now();
        self.cap_bookmarks(planned, date.unwrap_or_else(|| run.client.now()));
        let stamp = Stamp { time_extracted: now, version: planned.version() };
        let mut output = Output { lines: run.spares.take(), ..Output::default() };
        let mut shape = planned.shapes.current();
        let pick = planned.stream.routes().get(self.route).and_then(|route| route.pick.as_ref());
        let mut claim = match planned.written.as_ref().filter(|_| planned.selected) {
            Some(written) => Some(written.claim().await),
            None => None,
        };
        let (facts, tracker, found, descent, keys) = loop {
            let (mut tracker, mut found) = (self.tracker.clone(), self.children.page());
            let mut descent = self.descent.clone();
            let mut keys = DefaultHasher::new();
            let mut decide = |seen: &Seen<'_>| {
                hash_key(seen, &mut keys);
                if pick.is_some_and(|pick| !pick.wants(planned, seen)) {
                    return Keep::Drop;
                }
                if let (Some(descent), Some(cursor)) = (&mut descent, seen.cursor) {
                    descent.see(cursor);
                }
                let changed = planned.changed_at(seen);
                let keep = match (&mut tracker, seen.cursor) {
                    (Some(tracker), Some(cursor)) => tracker.see_changed(cursor, changed.as_ref()),
                    _ => Keep::Emit,
                };
                found.see(&run.plan, planned, &self.context, seen, changed.as_ref());
                let is_emitted = planned.selected
                    && keep == Keep::Emit
                    && claim.as_mut().is_none_or(|claim| claim.is_new(seen));
                if is_emitted { Keep::Emit } else { Keep::Drop }
            };
            let context = self.context.as_slice();
            let facts = shape
                .encoder
                .page(body, frame, context, &stamp, &mut decide, &mut output)
                .map_err(|error| Error::Body { what: error.to_string() })?;
            // With a new field in its schema the page is written again, so that no value is lost.
            match planned.shapes.after(&shape, &output)? {
                Some(newer) => shape = newer,
                None => break (facts, tracker, found, descent, keys.finish()),
            }
            output.clear();
            claim.as_mut().into_iter().for_each(Claim::clear);
        };
        check_account(&facts, &output)?;
        paginator.admit(&facts.needed)?;
        run.board.stream(self.stream).pages.add(1);
        self.tracker = tracker;
        self.descent = descent;
        self.pages += 1;
        self.records += facts.records;
        self.keys = keys;
        let progress = self.tracker.as_mut().and_then(Tracker::end_page);
        self.tell_disorder(planned);
        let rejects = run.tallies[self.stream].add(facts.records, &output.rejects);
        // Nothing is known of the children of a record that was rejected.
        let hides_children = !output.rejects.is_empty();
        self.send(output, Some(shape), progress).await?;
        claim.into_iter().for_each(Claim::keep);
        rejects?;
        if hides_children {
            self.children.hold();
        }
        self.children.send(found, &self.outlet).await?;
        self.left = self.descent.as_mut().and_then(Descent::end_page);
        if let Some(before) = &self.left {
            self.tracker.iter_mut().for_each(|tracker| tracker.leave(before));
            self.children.leave(before);
        }
        Ok(facts)
    }

    /// The value before which the rest of a window was left to others.
    pub(crate) fn take_left(&mut self) -> Option<Cursor> {
        self.left.take()
    }

    /// Whether nothing from here on is wanted, so that reading may end here.
    pub fn is_done(&self) -> bool {
        if self.left.is_some() {
            return true;
        }
        let own = self.tracker.as_ref().map(Tracker::is_done_early);
        match own {
            Some(is_done) => is_done && self.children.are_done(),
            None => self.children.follows_any() && self.children.are_done(),
        }
    }

    /// Whether any page of the partition was taken.
    pub(crate) fn has_begun(&self) -> bool {
        self.pages > 0
    }

    /// Where an ascending list may be taken up again, while it keeps its order.
    pub(crate) fn last_cursor(&self) -> Option<&Cursor> {
        match &self.tracker {
            Some(tracker) => tracker.last(),
            None => self.children.last_cursor(),
        }
    }

    /// The pages and records that were pushed.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.pages, self.records)
    }

    /// What tells the keys of the last page from those of another.
    pub(crate) fn last_keys(&self) -> u64 {
        self.keys
    }

    /// The same of a page that is looked at and not taken.
    ///
    /// # Errors
    /// As [`PageSink::push`].
    pub(crate) fn look(&self, response: &Response, frame: &Frame) -> Result<u64, Error> {
        let planned = self.run.plan.stream(self.stream);
        let mut keys = DefaultHasher::new();
        let mut decide = |seen: &Seen<'_>| {
            hash_key(seen, &mut keys);
            Keep::Drop
        };
        let stamp = Stamp { time_extracted: self.run.clock.now(), version: None };
        let (context, mut output) = (self.context.as_slice(), Output::default());
        let shape = planned.shapes.current();
        shape
            .encoder
            .page(&response.body, frame, context, &stamp, &mut decide, &mut output)
            .map_err(|error| Error::Body { what: error.to_string() })?;
        Ok(keys.finish())
    }

    /// Whether a record of this JSON text would be written. What would be dropped, for its key or its
    /// replication key, need not be completed first.
    pub(crate) fn wants(&self, record: &str) -> bool {
        let planned = self.run.plan.stream(self.stream);
        let mut is_wanted = false;
        let mut decide = |seen: &Seen<'_>| {
            is_wanted = match (self.tracker.clone(), seen.cursor) {
                (Some(mut tracker), Some(cursor)) => {
                    let changed = planned.changed_at(seen);
                    tracker.see_changed(cursor, changed.as_ref()) == Keep::Emit
                }
                _ => true,
            };
            Keep::Drop
        };
        let stamp = Stamp { time_extracted: self.run.clock.now(), version: None };
        let (context, mut output) = (self.context.as_slice(), Output::default());
        let (shape, frame) = (planned.shapes.current(), Frame::one());
        let read = shape.encoder.page(
            record.as_bytes(),
            &frame,
            context,
            &stamp,
            &mut decide,
            &mut output,
        );
        // One that cannot be read is an error when it is pushed.
        planned.selected && (is_wanted || read.is_err())
    }

    /// Tells where a list that was read to its end lacks what the API does not show of it.
    pub(crate) fn tell_horizon(&self, horizon: &Horizon) {
        let planned = self.run.plan.stream(self.stream);
        let age = horizon.age.and_then(|age| TimeDelta::from_std(age).ok());
        let oldest = age.and_then(|age| planned.scanned()?.at(self.began - age));
        let seen = horizon::Seen {
            records: self.records,
            unreached: self.tracker.as_ref().and_then(Tracker::unreached),
            oldest: oldest.as_ref(),
            resumes: self.tracker.is_some(),
        };
        if let Some(lost) = horizon.lost(&seen) {
            let of = self.partition.as_ref().map_or(String::new(), |key| format!("{key} in "));
            let (name, rule) = (planned.stream.name(), horizon.rule());
            tracing::warn!(
                stream = name,
                "[PAGE07] the list of {of}`{name}` is cut: {lost} ({rule}); what is missing cannot be had any more, run it more often"
            );
        }
    }

    /// Whether something of the partition could not be had.
    pub(crate) fn is_held(&self) -> bool {
        self.is_held
    }

    /// Notes that the list changed while it was read, so that records may be missing.
    pub(crate) fn note_unstable(&mut self) {
        self.is_unstable = true;
    }

    /// Whether records may be missing though all pages were read.
    pub(crate) fn is_unstable(&self) -> bool {
        self.is_unstable
    }

    /// Ends the partition, which was read to its end.
    pub(crate) async fn finish(&mut self) -> Result<(), Error> {
        let run = Arc::clone(&self.run);
        self.cap_bookmarks(run.plan.stream(self.stream), self.began);
        if let Some(progress) = self.tracker.as_mut().and_then(Tracker::finish) {
            self.send(Output::default(), None, Some(progress)).await?;
        }
        self.children.finish(&self.outlet).await
    }

    async fn send(
        &self,
        output: Output,
        shape: Option<Arc<Shape>>,
        progress: Option<Progress>,
    ) -> Result<(), Error> {
        let progress = progress.filter(|_| !self.is_held && !self.is_postponed);
        let (stream, partition) = (self.stream, self.partition.clone());
        let batch = Batch::new(stream, partition, output, shape, progress);
        let sent = self.outlet.send(batch).await;
        if sent.is_err() {
            // The first reason stays: a writer that failed has told its own.
            self.run.stop.request(Outcome::Bug);
        }
        sent
    }

    fn cap_bookmarks(&mut self, planned: &Planned, server_now: DateTime<Utc>) {
        let now = self.latest.map_or(server_now, |latest| latest.min(server_now));
        if let Some(cap) = planned.scanned().and_then(|scanned| scanned.at(now - lag(planned))) {
            if let Some(tracker) = &mut self.tracker {
                tracker.cap_at(cap.clone());
            }
            self.children.cap_at(&cap);
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
}

/// How late a stream's records may show.
fn lag(planned: &Planned) -> TimeDelta {
    TimeDelta::from_std(planned.stream.lag_and_lookback().0).unwrap_or_default()
}

fn hash_key(seen: &Seen<'_>, keys: &mut DefaultHasher) {
    (0..seen.key.len()).for_each(|index| seen.key.text(index).hash(keys));
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
