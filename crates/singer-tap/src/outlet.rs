//! The way to the writer: batches, and how many bytes of them may be in flight.

use std::collections::BTreeSet;
use std::sync::Arc;

use singer_protocol::{Output, PartitionKey};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::error::Error;
use crate::progress::Progress;
use crate::shape::Shape;

/// What the writer is told.
pub(crate) enum Event {
    /// A page to write.
    Page(Box<Batch>),
    /// All partitions that there are, for each stream of the plan: the run has seen every one.
    Census(Vec<BTreeSet<PartitionKey>>),
    /// All records of a stream were written with this version.
    Activate(usize, i64),
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
    _room: Option<OwnedSemaphorePermit>,
}

impl Batch {
    pub(crate) fn new(
        stream: usize,
        partition: Option<PartitionKey>,
        output: Output,
        shape: Option<Arc<Shape>>,
        progress: Option<Progress>,
    ) -> Batch {
        Batch { stream, partition, output, shape, progress, _room: None }
    }
}

/// The way to the writer, shared by all workers.
#[derive(Clone)]
pub(crate) struct Outlet {
    events: mpsc::Sender<Event>,
    /// Room for bytes in flight, in KiB.
    room: Arc<Semaphore>,
    /// All of the room: a batch larger than this waits until nothing else is in flight.
    capacity: u32,
}

impl Outlet {
    pub(crate) fn new(events: mpsc::Sender<Event>, max_bytes_in_flight: usize) -> Outlet {
        let capacity = u32::try_from(max_bytes_in_flight >> 10).unwrap_or(u32::MAX >> 4).max(1);
        Outlet { events, room: Arc::new(Semaphore::new(capacity as usize)), capacity }
    }

    pub(crate) async fn send(&self, mut batch: Batch) -> Result<(), Error> {
        let size = u32::try_from(batch.output.lines.len() >> 10).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(size.min(self.capacity)).await;
        batch._room = room.ok();
        // The writer ends before its senders only when stdout failed, and then it has asked the run
        // to stop; its own result says why.
        self.events.send(Event::Page(Box::new(batch))).await.map_err(|_| Error::Stopped)
    }

    /// Moves a bookmark by what was written before.
    pub(crate) async fn progress(
        &self,
        stream: usize,
        partition: Option<PartitionKey>,
        progress: Progress,
    ) -> Result<(), Error> {
        self.send(Batch::new(stream, partition, Output::default(), None, Some(progress))).await
    }

    /// Tells the writer of all partitions; a writer that has ended needs it no more.
    pub(crate) async fn census(&self, partitions: Vec<BTreeSet<PartitionKey>>) {
        let _ = self.events.send(Event::Census(partitions)).await;
    }

    /// Tells the writer that a version of a stream is whole.
    pub(crate) async fn activate(&self, stream: usize, version: i64) {
        let _ = self.events.send(Event::Activate(stream, version)).await;
    }
}
