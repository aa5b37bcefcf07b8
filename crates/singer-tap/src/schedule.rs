//! The schedule: which jobs run now, which come next, and what their end means for others.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use singer_http::Scope;
use singer_protocol::PartitionKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};

use crate::children::{Children, Queue};
use crate::current;
use crate::error::Error;
use crate::job::{Job, Part, SharedWindows};
use crate::outcome::Outcome;
use crate::outlet::Outlet;
use crate::partition::Partition;
use crate::progress::Progress;
use crate::reading::Reading;
use crate::report::Report;
use crate::sync::Run;
use crate::worker::{self, End};

/// The jobs of a run.
pub(crate) struct Schedule {
    pub(crate) run: Arc<Run>,
    pub(crate) outlet: Outlet,
    pub(crate) report: Report,
    queue: Queue,
    found: mpsc::UnboundedReceiver<Job>,
    slots: Arc<Semaphore>,
    /// Jobs that wait, by how many parents they have: children go first, so that they do not pile up.
    waiting: Vec<VecDeque<Job>>,
    /// Partitions of which there are more windows.
    windows: VecDeque<(SharedWindows, Job)>,
    running: JoinSet<(Job, Result<End, Error>)>,
    /// Every partition that was seen, for each stream.
    census: Vec<BTreeSet<PartitionKey>>,
}

impl Schedule {
    pub(crate) fn new(run: &Arc<Run>, outlet: Outlet) -> Schedule {
        let (sender, found) = mpsc::unbounded_channel();
        let slots = Arc::new(Semaphore::new(run.settings.concurrency));
        let streams = run.plan.streams().len();
        let mut schedule = Schedule {
            report: Report::new(&run.plan),
            queue: Queue::new(sender, Arc::clone(&slots)),
            found,
            slots,
            waiting: vec![VecDeque::new(); streams],
            windows: VecDeque::new(),
            running: JoinSet::new(),
            census: vec![BTreeSet::new(); streams],
            run: Arc::clone(run),
            outlet,
        };
        for job in run.plan.first_jobs() {
            run.board.stream(job.stream).found.add(1);
            schedule.push(job);
        }
        schedule
    }

    /// Runs jobs, at most `concurrency` at once, until there are none, or until the run is to stop.
    pub(crate) async fn run(mut self) -> Report {
        loop {
            while let Ok(job) = self.found.try_recv() {
                self.push(job);
            }
            while self.has_next()
                && let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned()
            {
                self.begin_next(slot).await;
            }
            if self.running.is_empty() && self.found.is_empty() && !self.has_next() {
                break;
            }
            tokio::select! {
                biased;
                Some(job) = self.found.recv() => self.push(job),
                Some(ended) = self.running.join_next(), if !self.running.is_empty() => {
                    self.ended(ended).await;
                }
                Ok(slot) = Arc::clone(&self.slots).acquire_owned(), if self.has_next() => {
                    self.begin_next(slot).await;
                }
            }
        }
        self.conclude().await
    }

    pub(crate) fn push(&mut self, job: Job) {
        let depth = self.run.plan.depth(job.stream);
        self.waiting[depth].push_back(job);
    }

    fn has_next(&self) -> bool {
        let is_waiting = self.waiting.iter().any(|jobs| !jobs.is_empty());
        self.run.stop.reason().is_none() && (is_waiting || !self.windows.is_empty())
    }

    /// Begins the next job that there is anything to read of.
    async fn begin_next(&mut self, slot: OwnedSemaphorePermit) {
        while self.has_next() {
            let begun = match self.waiting.iter_mut().rev().find_map(VecDeque::pop_front) {
                Some(job) => self.begin(job).await,
                None => self.next_window(),
            };
            if let Some((job, reading)) = begun {
                return self.spawn(job, reading, slot);
            }
        }
    }

    /// The next window of a partition, of which there may be more.
    fn next_window(&mut self) -> Option<(Job, Arc<Reading>)> {
        let (windows, job) = self.windows.pop_front()?;
        if self.report.has_stopped(job.stream) {
            windows.lock().give_up();
            return None;
        }
        let window = windows.lock().take()?;
        if !self.run.probe {
            self.windows.push_back((windows.clone(), job.clone()));
        }
        let reading = Arc::clone(windows.reading());
        Some((Job { part: Part::Window(windows, window), room: None, ..job }, reading))
    }

    /// Begins a job, if it is one to begin; one that is read in windows goes to their queue, and
    /// keeps its room there.
    async fn begin(&mut self, mut job: Job) -> Option<(Job, Arc<Reading>)> {
        match &job.part {
            Part::Whole => {}
            // The partition was begun with its list.
            Part::Events(_) if self.report.has_stopped(job.stream) => return None,
            Part::Events(_) => return Some((job, Arc::default())),
            Part::Window(..) | Part::Change(_) | Part::Pending(_) => {
                let begins = self.report.begin(job.stream, self.run.probe);
                return begins.then(|| (Job { room: None, ..job }, Arc::default()));
            }
        }
        if !self.is_new(&mut job) {
            return None;
        }
        if self.takes_up_pending(&job) {
            self.push_again(job);
            return None;
        }
        if !self.report.begin(job.stream, self.run.probe) {
            return None;
        }
        for child in self.run.plan.read_with(job.stream) {
            self.report.begin(child, false);
        }
        let key = job.partition.key();
        let reading = Arc::new(Reading::new(&self.run, job.stream, key.as_ref()));
        let has_changes = reading.events_from.is_some() && !self.run.probe;
        job.changes = has_changes.then(|| Arc::clone(&reading));
        for (reader, at) in &reading.begun {
            // A writer that ended has told why.
            let begun = Progress::Begun(*at);
            let _ = self.outlet.progress(*reader, key.clone(), begun).await;
        }
        match reading.windows(&self.run, self.run.plan.stream(job.stream)) {
            None => return Some((Job { room: None, ..job }, reading)),
            Some(windows) if windows.are_read() => self.list_read(job),
            Some(windows) => self.resume(SharedWindows::new(windows, reading), job),
        }
        None
    }

    /// Books that the list of a partition was read; what changed of it comes next.
    pub(crate) fn list_read(&mut self, mut job: Job) {
        match job.changes.take() {
            Some(reading) => {
                self.run.board.stream(job.stream).found.add(1);
                self.push(Job { part: Part::Events(reading), room: None, ..job });
            }
            None => self.complete(job.stream),
        }
    }

    /// Books a partition of a stream that was read, with the items that are records of others.
    pub(crate) fn complete(&mut self, stream: usize) {
        self.report.complete(stream);
        for child in self.run.plan.read_with(stream) {
            self.report.complete(child);
        }
    }

    /// Reads on in the windows of a partition.
    pub(crate) fn resume(&mut self, windows: SharedWindows, job: Job) {
        self.windows.push_back((windows, job));
    }

    /// Reads a part of a job that failed as a whole.
    pub(crate) fn push_again(&mut self, job: Job) {
        if let (Part::Whole, Some(key)) = (&job.part, job.partition.key()) {
            self.census[job.stream].remove(&key);
        }
        let depth = self.run.plan.depth(job.stream);
        self.waiting[depth].push_front(job);
    }

    fn spawn(&mut self, job: Job, reading: Arc<Reading>, slot: OwnedSemaphorePermit) {
        let run = Arc::clone(&self.run);
        run.board.stream(job.stream).begin(run.clock.elapsed());
        let place = job.place(&run.plan);
        let children = Children::new(Arc::clone(&run), &job, self.queue.clone(), slot);
        let reading = worker::read(run, job, reading, self.outlet.clone(), children);
        self.running.spawn(current::within(place, reading));
    }

    /// Whether a partition was not read before in this run, by whichever route. Of a batch, those
    /// that were are left out.
    fn is_new(&mut self, job: &mut Job) -> bool {
        let census = &mut self.census[job.stream];
        let mut new = job.partitions();
        new.retain(|partition| partition.key().is_none_or(|key| census.insert(key)));
        let mut new = new.into_iter();
        let Some(first) = new.next() else { return false };
        job.partition = first;
        job.others = new.collect();
        true
    }

    /// Takes up, once, what earlier runs left of the streams that follow a partition; tells
    /// whether there is anything, which goes before the partition itself.
    fn takes_up_pending(&mut self, job: &Job) -> bool {
        let run = Arc::clone(&self.run);
        let key = job.partition.key();
        let mut are_any = false;
        for child in run.plan.followers(run.plan.stream(job.stream)) {
            self.census[child].extend(key.clone());
            let pending = run.pending(child, key.as_ref());
            let keys = pending.iter().filter_map(Partition::key).collect();
            if !run.ledgers().open(child, key.clone(), keys) {
                continue;
            }
            for partition in pending {
                are_any = true;
                let job = Job::whole(child, 0, partition);
                self.push(Job { part: Part::Pending(key.clone()), ..job });
            }
        }
        are_any
    }

    async fn ended(&mut self, ended: Result<(Job, Result<End, Error>), JoinError>) {
        if let Ok((job, _)) = &ended {
            let live = self.run.board.stream(job.stream);
            live.end(self.run.clock.elapsed());
            live.done.add(u64::from(!matches!(job.part, Part::Window(..))));
        }
        match ended {
            Ok((job, Ok(End::Read(read)))) => self.settle_read(job, read).await,
            Ok((job, Ok(End::Tolerated(status)))) => self.settle_tolerated(job, status).await,
            // It was told to stop: nothing is known of it.
            Ok((_, Err(Error::Stopped))) => {}
            Ok((job, Err(error))) => {
                if error.scope() == Scope::Run {
                    self.run.stop.request(error.outcome());
                }
                self.settle_failed(job, error).await;
            }
            // A panic's own words may quote a body.
            Err(_) => {
                self.report.abort(Error::Bug { what: "a worker ended with a panic".to_owned() });
                self.run.stop.request(Outcome::Bug);
            }
        }
    }

    /// Says what is known now that everything was read.
    async fn conclude(self) -> Report {
        let Schedule { run, outlet, report, census, .. } = self;
        if run.stop.reason().is_some() || run.probe {
            return report;
        }
        let is_rejecting = |stream: usize| run.tallies[stream].is_rejecting();
        for (stream, planned) in run.plan.streams().iter().enumerate() {
            if let Some(version) = planned.valid_version()
                && report.is_enumerated(stream, &is_rejecting)
            {
                outlet.activate(stream, version).await;
            }
        }
        if report.is_whole() && !(0..census.len()).any(is_rejecting) {
            outlet.census(census).await;
        }
        report
    }
}
