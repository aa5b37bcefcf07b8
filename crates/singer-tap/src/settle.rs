//! How a job ended, and what follows from it.

use std::sync::Arc;

use singer_http::Scope;
use singer_protocol::PartitionKey;

use crate::error::Error;
use crate::job::{Job, Part, SharedWindows, Ticket};
use crate::partition::Partition;
use crate::progress::Progress;
use crate::schedule::Schedule;
use crate::window::Window;
use crate::worker::Read;

impl Schedule {
    /// Books a job that was read to its end.
    pub(crate) async fn settle_read(&mut self, job: Job, read: Read) {
        if read.is_unstable {
            self.report.note_unstable(&job);
        }
        if read.is_held {
            self.report.note_held(job.stream);
        }
        match &job.part {
            Part::Whole => {
                for (partition, error) in read.failed {
                    self.report.fail(&Job::whole(job.stream, job.route, partition), error);
                }
                self.list_read(job);
            }
            Part::Events(_) => self.complete(job.stream),
            // One window is all that is tried of a partition.
            Part::Window(..) if self.run.probe => self.list_read(job),
            Part::Window(windows, window) => {
                if let Some(before) = &read.left {
                    windows.lock().leave(window, before);
                    return self.resume(windows.clone(), job);
                }
                let are_read = {
                    let mut windows = windows.lock();
                    windows.read(read.pages, read.records);
                    windows.are_read()
                };
                if are_read {
                    self.run.board.stream(job.stream).done.add(1);
                    self.list_read(job);
                }
            }
            Part::Change(ticket) => {
                let ticket = ticket.clone();
                self.settle_change(job, &ticket, read).await;
            }
            Part::Pending(_) => {
                self.report.complete(job.stream);
                if !read.is_held {
                    self.clear_pending(&job, &job.partitions()).await;
                }
            }
        }
    }

    /// Books children of changed records, some of which may have to be noted for the next run.
    async fn settle_change(&mut self, job: Job, ticket: &Ticket, read: Read) {
        self.report.complete(job.stream);
        let (mut good, mut bad) = (job.partitions(), Vec::new());
        for (partition, error) in read.failed {
            good.retain(|other| other.key() != partition.key());
            bad.push((partition, Some(error)));
        }
        if read.is_held {
            // What of them could not be had is not known.
            bad.extend(good.drain(..).map(|partition| (partition, None)));
        }
        self.run.ledgers().by(job.stream, ticket).split(ticket.page, bad.len());
        for (partition, error) in bad {
            let one = Job { partition, others: Vec::new(), ..job.clone() };
            if let Some(error) = error {
                self.report.fail(&one, error);
            }
            self.note_pending(&one, ticket).await;
        }
        self.clear_pending(&job, &good).await;
        self.pass(&job, ticket).await;
    }

    /// Books a job for which the API has nothing.
    pub(crate) async fn settle_tolerated(&mut self, job: Job, status: u16) {
        self.report.tolerate(&job, status);
        // There is nothing of it to try again.
        self.clear_pending(&job, &job.partitions()).await;
        match &job.part {
            Part::Change(ticket) => self.pass(&job, ticket).await,
            Part::Window(windows, _) => {
                windows.lock().give_up();
            }
            Part::Whole | Part::Events(_) | Part::Pending(_) => {}
        }
    }

    /// Books a job that could not be read.
    pub(crate) async fn settle_failed(&mut self, job: Job, error: Error) {
        match job.part.clone() {
            Part::Window(windows, window) => self.failed_window(job, &windows, &window, error),
            Part::Change(ticket) if error.scope() != Scope::Run => {
                if job.others.is_empty() {
                    self.report.fail(&job, error);
                    self.note_pending(&job, &ticket).await;
                } else {
                    self.split(job, Some(&ticket));
                }
            }
            Part::Pending(_) if error.is_missing() => {
                self.report.complete(job.stream);
                let stream = self.run.plan.stream(job.stream).stream.name();
                tracing::info!("[PERM03] `{stream}` has nothing more to try again: {error}");
                self.clear_pending(&job, &job.partitions()).await;
            }
            _ if error.scope() != Scope::Run && !job.others.is_empty() => self.split(job, None),
            _ => self.report.fail(&job, error),
        }
    }

    /// A window that holds more than the API shows is read in halves; anything else ends its
    /// partition.
    fn failed_window(&mut self, job: Job, windows: &SharedWindows, window: &Window, error: Error) {
        if error.is_too_much() && windows.lock().halve(window) {
            self.resume(windows.clone(), job);
            return;
        }
        // Of several windows of a partition the first that fails speaks for all.
        if windows.lock().give_up() || error.scope() == Scope::Run {
            self.run.board.stream(job.stream).done.add(1);
            self.report.fail(&job, error);
        }
    }

    /// Asks for the partitions of a batch one by one, so that a bad one does not hold the others.
    fn split(&mut self, job: Job, ticket: Option<&Ticket>) {
        self.report.complete(job.stream);
        self.run.board.stream(job.stream).found.add(job.others.len() as u64 + 1);
        if let Some(ticket) = ticket {
            self.run.ledgers().by(job.stream, ticket).split(ticket.page, job.others.len());
        }
        for one in job.split() {
            self.push_again(one);
        }
    }

    /// Notes a partition for the next run, so that the bookmark may pass it.
    async fn note_pending(&mut self, job: &Job, ticket: &Ticket) {
        let Some(key) = job.partition.key() else { return };
        if !self.run.ledgers().by(job.stream, ticket).note(&key, ticket.page) {
            let planned = self.run.plan.stream(job.stream);
            if planned.tells_once() {
                tracing::warn!(
                    "[STATE07] `{}` could not be read for too many records of its parent (at most 100 are noted for the next run); its bookmark stays before them",
                    planned.stream.name()
                );
            }
            return;
        }
        let context = job.partition.context().to_json();
        let failed = Progress::Failed(key, context);
        if self.tell(job.stream, ticket.parent.as_ref(), failed).await {
            self.pass(job, ticket).await;
        }
    }

    /// Takes partitions off the list of those to try again.
    async fn clear_pending(&mut self, job: &Job, partitions: &[Partition]) {
        let (parent, page) = match &job.part {
            Part::Change(ticket) => (ticket.parent.as_ref(), Some(ticket.page)),
            Part::Pending(parent) => (parent.as_ref(), None),
            Part::Whole | Part::Window(..) | Part::Events(_) => return,
        };
        for key in partitions.iter().filter_map(Partition::key) {
            if self.run.ledgers().of(job.stream, parent).clear(&key, page) {
                self.tell(job.stream, parent, Progress::Settled(key)).await;
            }
        }
    }

    /// Books a job of a page, and lets the bookmark pass what is settled.
    async fn pass(&mut self, job: &Job, ticket: &Ticket) {
        let run = Arc::clone(&self.run);
        run.ledgers().by(job.stream, ticket).settle(ticket.page);
        // A writer that ended has told why.
        let _ = run.pass_ready(job.stream, ticket.parent.as_ref(), &self.outlet).await;
    }

    async fn tell(&self, stream: usize, parent: Option<&PartitionKey>, progress: Progress) -> bool {
        self.outlet.progress(stream, parent.cloned(), progress).await.is_ok()
    }
}
