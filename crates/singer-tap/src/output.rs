//! The one writer: owns stdout and the state, and applies progress after the bytes are out.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use serde_json::json;
use singer_protocol::message::timestamp;
use singer_protocol::{Bookmark, Emitted, MessageWriter, Misfit, PartitionKey, State, WriteError};
use tokio::sync::mpsc;

use crate::checkpoint::Checkpoint;
use crate::error::Error;
use crate::logging;
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::rejects;
use crate::shape::Shape;
use crate::sink::{Batch, Event};
use crate::sync::Run;

/// Pages that may wait for the writer.
pub(crate) const QUEUE: usize = 16;
/// How often counts are logged while records flow.
const METRICS_EVERY: Duration = Duration::from_secs(60);

/// What was written, when it is over.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// For each stream of the plan.
    pub(crate) counts: Vec<Counts>,
    /// Why writing ended early.
    pub(crate) failure: Option<Error>,
}

/// What was written of one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) records: u64,
    pub(crate) rejected: u64,
    /// Records since the last METRIC line.
    unlogged: u64,
}

/// Writes SCHEMA, RECORD and STATE messages in the order in which batches arrive.
pub(crate) struct Output<'a> {
    run: &'a Run,
    writer: MessageWriter<Box<dyn Write + Send>>,
    state: State,
    checkpoint: Checkpoint,
    counts: Vec<Counts>,
    /// The version of the last SCHEMA of each stream of the plan.
    versions: Vec<u32>,
    rejects: String,
    is_rejecting: bool,
    /// Misfits that were told: each is told once.
    told: BTreeSet<(usize, String, Misfit)>,
    logged_at: Duration,
}

impl<'a> Output<'a> {
    pub(crate) fn new(run: &'a Run, stdout: Box<dyn Write + Send>) -> Output<'a> {
        Output {
            run,
            writer: MessageWriter::new(stdout),
            state: run.state.clone(),
            checkpoint: Checkpoint::default(),
            counts: vec![Counts::default(); run.plan.streams().len()],
            versions: vec![0; run.plan.streams().len()],
            rejects: rejects::stream_name(run.tap),
            is_rejecting: false,
            told: BTreeSet::new(),
            logged_at: run.clock.elapsed(),
        }
    }

    /// Writes until all senders are gone, and the last STATE after that.
    pub(crate) fn write_all(mut self, mut events: mpsc::Receiver<Event>) -> Written {
        let failure = self.write_until_end(&mut events).err().map(Error::Output);
        if let Some(error) = &failure {
            self.run.stop.request(error.outcome());
        }
        self.log_counts();
        Written { counts: self.counts, failure }
    }

    fn write_until_end(&mut self, events: &mut mpsc::Receiver<Event>) -> Result<(), WriteError> {
        self.schemas()?;
        // Targets take the first STATE as the point where everything began.
        self.write_state()?;
        while let Some(event) = events.blocking_recv() {
            match event {
                Event::Page(batch) => self.batch(batch)?,
                Event::Census(partitions) => self.forget_absent(&partitions),
            }
            let now = self.run.clock.elapsed();
            if self.state.is_dirty() && self.checkpoint.is_due(now) {
                self.write_state()?;
            }
            if now.saturating_sub(self.logged_at) >= METRICS_EVERY {
                self.logged_at = now;
                self.log_counts();
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
    fn batch(&mut self, batch: Batch) -> Result<(), WriteError> {
        // A later version only adds fields, so that pages which were on their way still keep to it.
        if let Some(shape) = &batch.shape
            && shape.version > self.versions[batch.stream]
        {
            self.schema(batch.stream, shape)?;
        }
        if !batch.output.lines.is_empty() {
            self.writer.batch(&batch.output.lines)?;
        }
        let counts = &mut self.counts[batch.stream];
        counts.records += batch.output.emitted;
        counts.unlogged += batch.output.emitted;
        counts.rejected += batch.output.rejects.len() as u64;
        self.checkpoint.wrote(batch.output.lines.len());
        self.write_rejects(&batch)?;
        self.tell_misfits(&batch);
        if let Some(progress) = &batch.progress {
            self.apply(&batch, progress);
        }
        self.run.spares.give(batch.output.lines);
        Ok(())
    }

    fn apply(&mut self, batch: &Batch, progress: &Progress) {
        let planned = self.run.plan.stream(batch.stream);
        let (name, partition) = (planned.stream.name(), batch.partition.as_ref());
        let key = planned.incremental.as_ref().map(|incremental| incremental.key.as_str());
        let bookmark = match self.state.bookmark(name, partition) {
            Some(bookmark) => {
                Bookmark { replication_key: key.map(str::to_owned), ..bookmark.clone() }
            }
            None => Bookmark::new(key),
        };
        let bookmark = match progress {
            Progress::Advance(value) => bookmark.advanced(value),
            Progress::Cover(interval) => bookmark.completed(interval.clone(), None),
        };
        self.state.set(name, partition, bookmark);
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
                        "[STATE04] dropped the bookmark of {key} in `{name}`: not configured for 30 days"
                    );
                }
            }
        }
    }

    /// Rejected records go through the same pipe, so that it orders them before the STATE.
    fn write_rejects(&mut self, batch: &Batch) -> Result<(), WriteError> {
        if batch.output.rejects.is_empty() {
            return Ok(());
        }
        if !self.is_rejecting {
            self.is_rejecting = true;
            self.writer.schema(&self.rejects, &rejects::schema(), &rejects::KEY, &[])?;
        }
        let stream = self.run.plan.stream(batch.stream).stream.name();
        let at = timestamp(self.run.clock.now());
        let mut lines = String::new();
        for reject in &batch.output.rejects {
            lines += &rejects::line(&self.rejects, stream, batch.partition.as_ref(), reject, &at);
        }
        self.writer.batch(lines.as_bytes())
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
                    tracing::info!("{text}");
                } else {
                    tracing::warn!("{text}");
                }
            }
        }
    }

    fn write_state(&mut self) -> Result<(), WriteError> {
        let value = self.state.to_value();
        let length = self.writer.state(&value)?;
        self.state.mark_clean();
        for (planned, version) in self.run.plan.streams().iter().zip(&self.versions) {
            planned.shapes.stated(*version);
        }
        self.checkpoint.stated(length, self.run.clock.elapsed());
        Ok(())
    }

    fn log_counts(&mut self) {
        for (planned, counts) in self.run.plan.streams().iter().zip(&mut self.counts) {
            if planned.selected {
                let tags = json!({"stream": planned.stream.name()});
                self.run.metrics.counter("record_count", counts.unlogged, tags);
                counts.unlogged = 0;
            }
        }
    }
}

/// Writes the SCHEMA messages only.
pub(crate) fn schemas_only(run: &Run, stdout: Box<dyn Write + Send>) -> Outcome {
    match Output::new(run, stdout).schemas() {
        Ok(()) => Outcome::Ok,
        Err(error) => {
            let error = Error::Output(error);
            if error.outcome() != Outcome::Pipe {
                logging::write_line(&format!("CRITICAL [{}] {error}", error.id()));
            }
            error.outcome()
        }
    }
}
