//! The one writer: owns stdout and the state, and applies progress after the bytes are out.

use std::collections::BTreeSet;
use std::io::Write;

use singer_protocol::message::timestamp;
use singer_protocol::{Bookmark, Emitted, MessageWriter, Misfit, PartitionKey, State, WriteError};
use tokio::sync::mpsc;

use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::logging;
use crate::outcome::Outcome;
use crate::outlet::{Batch, Event};
use crate::partition::Context;
use crate::progress::Progress;
use crate::rejects::{self, RejectsFile};
use crate::settings::RejectsTo;
use crate::shape::Shape;
use crate::sync::Run;

/// Pages that may wait for the writer.
pub(crate) const QUEUE: usize = 16;

/// Writes SCHEMA, RECORD and STATE messages in the order in which batches arrive.
pub(crate) struct Output<'a> {
    run: &'a Run,
    writer: MessageWriter<Box<dyn Write + Send>>,
    state: State,
    checkpoint: Checkpoint,
    /// The version of the last SCHEMA of each stream of the plan.
    versions: Vec<u32>,
    rejects: String,
    rejects_file: Option<RejectsFile>,
    is_rejecting: bool,
    /// Misfits that were told: each is told once.
    told: BTreeSet<(usize, String, Misfit)>,
    /// Streams of which a rejected record was told.
    told_rejects: BTreeSet<usize>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(run: &'a Run, stdout: Box<dyn Write + Send>) -> Output<'a> {
        Output {
            run,
            writer: MessageWriter::new(stdout),
            state: run.state.clone(),
            checkpoint: Checkpoint::default(),
            versions: vec![0; run.plan.streams().len()],
            rejects: rejects::stream_name(run.tap),
            rejects_file: None,
            is_rejecting: false,
            told: BTreeSet::new(),
            told_rejects: BTreeSet::new(),
        }
    }

    /// Writes until all senders are gone, and the last STATE after that; returns why it ended
    /// early, if it did.
    pub(crate) fn write_all(mut self, mut events: mpsc::Receiver<Event>) -> Option<Error> {
        let failure = self.write_until_end(&mut events).err();
        if let Some(error) = &failure {
            self.run.stop.request(error.outcome());
        }
        failure
    }

    fn write_until_end(&mut self, events: &mut mpsc::Receiver<Event>) -> Result<(), Error> {
        if let RejectsTo::File(path) = &self.run.settings.rejects {
            self.rejects_file = Some(RejectsFile::open(path)?);
        }
        self.schemas()?;
        // Targets take the first STATE as the point where everything began.
        self.write_state()?;
        while let Some(event) = events.blocking_recv() {
            match event {
                Event::Page(batch) => self.batch(*batch)?,
                Event::Census(partitions) => self.forget_absent(&partitions),
                Event::Activate(stream, version) => {
                    let shape = self.run.plan.stream(stream).shapes.first();
                    let name = &shape.encoder.emitted().stream;
                    self.writer.activate_version(name, version)?;
                    let name = self.run.plan.stream(stream).stream.name();
                    self.state.settle_version(name);
                }
            }
            let now = self.run.clock.elapsed();
            if self.state.is_dirty() && self.checkpoint.is_due(now) {
                self.write_state()?;
            }
        }
        // The last line of a run is a STATE, whether or not it says anything new.
        self.write_state()
    }

    fn schemas(&mut self) -> Result<(), WriteError> {
        for (at, planned) in self.run.plan.streams().iter().enumerate() {
            if planned.selected {
                self.schema(at, planned.shapes.first())?;
            }
        }
        Ok(())
    }

    /// Writes the SCHEMA of a stream, and notes its version.
    fn schema(&mut self, stream: usize, shape: &Shape) -> Result<(), WriteError> {
        let Emitted { stream: name, schema, key, bookmarks } = shape.encoder.emitted();
        self.versions[stream] = shape.version;
        self.writer.schema(name, schema, key, bookmarks)
    }

    /// Writes a page, then lets the state say what it means.
    fn batch(&mut self, batch: Batch) -> Result<(), Error> {
        // A later version only adds fields, so that pages which were on their way still keep to it.
        if let Some(shape) = &batch.shape
            && shape.version > self.versions[batch.stream]
        {
            self.schema(batch.stream, shape)?;
        }
        if !batch.output.lines.is_empty() {
            self.writer.batch(&batch.output.lines)?;
        }
        self.book(&batch);
        self.checkpoint.wrote(batch.output.lines.len());
        self.write_rejects(&batch)?;
        self.tell_misfits(&batch);
        if let Some(progress) = &batch.progress {
            self.apply(&batch, progress);
        }
        self.run.spares.give(batch.output.lines);
        Ok(())
    }

    fn book(&self, batch: &Batch) {
        let live = self.run.board.stream(batch.stream);
        live.records.add(batch.output.emitted);
        live.rejected.add(batch.output.rejects.len() as u64);
        for (_, misfit, count) in batch.output.misfits.iter() {
            let is_undeclared = matches!(misfit, Misfit::Undeclared | Misfit::Kept);
            if is_undeclared { &live.undeclared } else { &live.misfits }.add(count);
        }
    }

    fn apply(&mut self, batch: &Batch, progress: &Progress) {
        let planned = self.run.plan.stream(batch.stream);
        let (name, partition) = (planned.stream.name(), batch.partition.as_ref());
        let kept_by = planned.kept_by();
        let mut bookmark = self.state.bookmark(name, partition).cloned().unwrap_or_default();
        bookmark.replication_key = kept_by.map(|incremental| incremental.key.clone());
        if planned.follows.is_some() {
            bookmark.pending.get_or_insert_default();
        }
        let start = kept_by.and_then(|incremental| incremental.at_start(self.run));
        let bookmark = bookmark.begun(start.as_ref());
        let bookmark = match progress {
            Progress::Advance(value) => bookmark.advanced(value),
            Progress::Cover(interval) => bookmark.completed(interval.clone(), start.as_ref()),
            Progress::Begun(at) => {
                let Bookmark { replication_key, pending, rest, .. } = bookmark;
                let events = Some(*at);
                let version = self.run.plan.stream(batch.stream).version();
                let new = Bookmark { replication_key, pending, rest, ..Bookmark::default() };
                Bookmark { events, version, ..new }.begun(start.as_ref())
            }
            Progress::Events(at) => Bookmark { events: bookmark.events.max(Some(*at)), ..bookmark },
            Progress::Failed(key, context) => {
                let mut bookmark = self.without_pending(batch.stream, bookmark, key);
                bookmark.pending.get_or_insert_default().push(context.clone());
                bookmark
            }
            Progress::Settled(key) => self.without_pending(batch.stream, bookmark, key),
        };
        let bookmark = self.with_valid_version(batch.stream, bookmark);
        self.state.set(name, partition, bookmark);
    }

    /// The bookmark without the version of a list that is read anew, where what this run has written of it
    /// has another one, or lacks records.
    fn with_valid_version(&self, stream: usize, bookmark: Bookmark) -> Bookmark {
        let is_whole = !self.run.tallies[stream].is_rejecting();
        let valid = self.run.plan.stream(stream).version().filter(|_| is_whole);
        Bookmark { version: bookmark.version.filter(|version| Some(*version) == valid), ..bookmark }
    }

    /// The bookmark with a partition off its list of those to try again.
    fn without_pending(
        &self,
        stream: usize,
        mut bookmark: Bookmark,
        key: &PartitionKey,
    ) -> Bookmark {
        let plan = &self.run.plan;
        bookmark.pending.get_or_insert_default().retain(|context| {
            let partition = plan.child_partition(stream, Context::from_json(context));
            partition.key().as_ref() != Some(key)
        });
        bookmark
    }

    /// Drops bookmarks of partitions that are long gone from the configuration.
    fn forget_absent(&mut self, partitions: &[BTreeSet<PartitionKey>]) {
        let today = self.run.clock.now().date_naive();
        for (planned, present) in self.run.plan.streams().iter().zip(partitions) {
            // A stream that is not read says nothing of its partitions.
            if planned.selected {
                let name = planned.stream.name();
                for key in self.state.drop_absent(name, &|key| present.contains(key), today) {
                    tracing::info!(
                        stream = name,
                        "[STATE04] dropped the bookmark of {key} in `{name}`: not configured for 30 days"
                    );
                }
            }
        }
    }

    /// Rejected records go through the same pipe, so that it orders them before the STATE; or into
    /// a file, which is synced before the STATE.
    fn write_rejects(&mut self, batch: &Batch) -> Result<(), Error> {
        let Some(first) = batch.output.rejects.first() else { return Ok(()) };
        if !self.is_rejecting && self.rejects_file.is_none() {
            self.is_rejecting = true;
            self.writer.schema(&self.rejects, &rejects::schema(), &rejects::KEY, &[])?;
        }
        let stream = self.run.plan.stream(batch.stream).stream.name();
        let at = timestamp(self.run.clock.now());
        if self.told_rejects.insert(batch.stream) {
            let to = match &self.run.settings.rejects {
                RejectsTo::Stream => format!("the stream `{}`", self.rejects),
                RejectsTo::File(path) => format!("`{}`", path.display()),
            };
            tracing::warn!(
                stream,
                "[DATA02] a record of `{stream}` is rejected and goes to {to}: {}, at `{}`; further ones are only counted",
                first.reason,
                first.pointer
            );
        }
        let mut lines = String::new();
        for reject in &batch.output.rejects {
            let record = rejects::record(stream, batch.partition.as_ref(), reject, &at);
            lines += &match self.rejects_file {
                Some(_) => format!("{record}\n"),
                None => rejects::line(&self.rejects, &record, &at),
            };
        }
        match &mut self.rejects_file {
            Some(file) => file.write(&lines),
            None => Ok(self.writer.batch(lines.as_bytes())?),
        }
    }

    fn tell_misfits(&mut self, batch: &Batch) {
        let stream = self.run.plan.stream(batch.stream).stream.name();
        for (pointer, misfit, count) in batch.output.misfits.iter() {
            if self.told.insert((batch.stream, pointer.to_owned(), misfit)) {
                let is_undeclared = matches!(misfit, Misfit::Undeclared | Misfit::Kept);
                let id = if is_undeclared { "DRIFT01" } else { "DRIFT02" };
                let text = format!(
                    "[{id}] `{stream}` has {misfit} at {pointer} ({count} in one page; told once)"
                );
                if is_undeclared {
                    tracing::info!(stream, "{text}");
                } else {
                    tracing::warn!(stream, "{text}");
                }
            }
        }
    }

    fn write_state(&mut self) -> Result<(), Error> {
        if let Some(file) = &mut self.rejects_file {
            file.sync()?;
        }
        // A test is nothing to go on from.
        let length = match self.run.probe {
            true => 0,
            false => self.writer.state(&self.state.to_value())?,
        };
        self.run.board.state_bytes().add(length as u64);
        self.state.mark_clean();
        for (planned, version) in self.run.plan.streams().iter().zip(&self.versions) {
            planned.shapes.stated(*version);
        }
        self.checkpoint.stated(length, self.run.clock.elapsed());
        Ok(())
    }
}

/// Writes the SCHEMA messages only.
pub(crate) fn schemas_only(run: &Run, stdout: Box<dyn Write + Send>) -> Outcome {
    match Output::new(run, stdout).schemas() {
        Ok(()) => Outcome::Ok,
        Err(error) => {
            let error = Error::Output(error);
            if error.outcome() != Outcome::Pipe {
                logging::critical(&error);
            }
            error.outcome()
        }
    }
}
