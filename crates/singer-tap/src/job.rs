//! A job: what one worker reads.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use singer_protocol::PartitionKey;
use tokio::sync::OwnedSemaphorePermit;

use crate::current::Place;
use crate::partition::Partition;
use crate::plan::Plan;
use crate::reading::Reading;
use crate::window::{Window, Windows};

/// What one worker reads.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) stream: usize,
    pub(crate) route: usize,
    /// The partition; the first one of a batch.
    pub(crate) partition: Partition,
    /// The others that a batch asks for in the same requests.
    pub(crate) others: Vec<Partition>,
    pub(crate) part: Part,
    /// How its changes are read once its list is, for a stream that has such.
    pub(crate) changes: Option<Arc<Reading>>,
    /// Room among the jobs that wait; given back when the job begins.
    pub(crate) room: Option<Arc<OwnedSemaphorePermit>>,
}

/// What of its partition a job reads.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// All of it, with a bookmark of its own.
    Whole,
    /// A window of it.
    Window(SharedWindows, Window),
    /// What changed of it, by the API's own list of changes.
    Events(Arc<Reading>),
    /// All of it, because a record of the parent changed.
    Change(Ticket),
    /// All of it, because an earlier run could not.
    Pending(Option<PartitionKey>),
}

/// Which page of which parent's partition a job belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// The parent's partition, by which the stream's bookmark is kept.
    pub(crate) parent: Option<PartitionKey>,
    /// The page, as the ledger counts them.
    pub(crate) page: u64,
}

impl Job {
    /// A job that reads all of one partition.
    pub(crate) fn whole(stream: usize, route: usize, partition: Partition) -> Job {
        let (others, part) = (Vec::new(), Part::Whole);
        Job { stream, route, partition, others, part, changes: None, room: None }
    }

    /// What a task that does it reads.
    pub(crate) fn place(&self, plan: &Plan) -> Place {
        let partition = self.partition.key().map(|key| key.as_str().into());
        Place { stream: plan.stream(self.stream).stream.name().into(), partition }
    }

    /// All partitions that it reads.
    pub(crate) fn partitions(&self) -> Vec<Partition> {
        std::iter::once(&self.partition).chain(&self.others).cloned().collect()
    }

    /// The same work as a job for each partition.
    pub(crate) fn split(self) -> impl Iterator<Item = Job> {
        let partitions = self.partitions();
        let one = move |partition| Job { partition, others: Vec::new(), ..self.clone() };
        partitions.into_iter().map(one)
    }
}

/// The windows of a partition, shared by those who read them.
#[derive(Clone, Debug)]
pub(crate) struct SharedWindows(Arc<(Mutex<Windows>, Arc<Reading>)>);

impl SharedWindows {
    pub(crate) fn new(windows: Windows, reading: Arc<Reading>) -> SharedWindows {
        SharedWindows(Arc::new((Mutex::new(windows), reading)))
    }

    /// How the partition is read.
    pub(crate) fn reading(&self) -> &Arc<Reading> {
        &self.0.1
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Windows> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
