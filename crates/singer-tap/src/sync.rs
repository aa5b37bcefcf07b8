//! A sync: partitions are read side by side, one thread writes. The only file that sees it all.

use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::sync::Arc;

use singer_http::{Client, Clock, Scope, Spares, Stats};
use singer_protocol::State;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::board::Board;
use crate::current::{self, Place};
use crate::error::Error;
use crate::logging;
use crate::metrics::{Counted, Metrics};
use crate::outcome::Outcome;
use crate::output::{self, Output};
use crate::partition::Partition;
use crate::plan::Plan;
use crate::rejects::Tally;
use crate::report::Report;
use crate::settings::Settings;
use crate::sink::{Outlet, PageSink};
use crate::source::Scan;
use crate::stop::Stop;

/// Everything that a run shares.
pub(crate) struct Run {
    /// The tap's name.
    pub(crate) tap: &'static str,
    pub(crate) plan: Plan,
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    /// The state at the start; the writer owns the one that moves.
    pub(crate) state: State,
    pub(crate) metrics: Arc<Metrics>,
    /// What the run has come to so far.
    pub(crate) board: Board,
    pub(crate) stop: Stop,
    /// Memory for the lines of pages.
    pub(crate) spares: Spares,
    /// Rejected records, for each stream of the plan.
    pub(crate) tallies: Vec<Tally>,
    /// One page of each stream is enough.
    pub(crate) probe: bool,
}

/// One partition to read.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) stream: usize,
    pub(crate) route: usize,
    pub(crate) partition: Partition,
}

impl Run {
    /// Tells what was measured since the last time.
    pub(crate) fn tell_metrics(&self) {
        self.metrics.tell(self.counted(&self.client.stats()));
    }

    /// Tells the rest of what was measured.
    pub(crate) fn finish_metrics(&self, report: &Report, outcome: Outcome) {
        self.metrics.finish(self.counted(&self.client.stats()), report, outcome);
    }

    fn counted<'a>(&'a self, stats: &'a Stats) -> Counted<'a> {
        Counted { plan: &self.plan, board: &self.board, stats }
    }
}

impl Job {
    /// What a task that does it reads.
    fn place(&self, run: &Run) -> Place {
        let partition = self.partition.key().map(|key| key.as_str().into());
        Place { stream: run.plan.stream(self.stream).stream.name().into(), partition }
    }
}

/// How a partition ended that did not fail.
#[derive(Clone, Copy, Debug)]
enum End {
    /// It was read to its end.
    Complete,
    /// The API answered with a status that the stream tolerates: there is nothing to read.
    Tolerated(u16),
}

/// Reads everything that is planned and writes it to `stdout`.
pub(crate) async fn run(run: Arc<Run>, stdout: Box<dyn Write + Send>) -> Report {
    let (events, received) = mpsc::channel(output::QUEUE);
    let writer = std::thread::spawn({
        let run = Arc::clone(&run);
        let ear = logging::Ear::here();
        move || {
            let write = || Output::new(&run, stdout).write_all(received);
            match ear {
                Some(ear) => ear.around(write),
                None => write(),
            }
        }
    });
    let outlet = Outlet::new(events, run.settings.max_bytes_in_flight);
    let mut report = schedule(&run, outlet).await;
    let written = tokio::task::spawn_blocking(move || writer.join()).await;
    match written {
        Ok(Ok(failure)) => failure.into_iter().for_each(|error| report.abort(error)),
        _ => report.abort(Error::Bug { what: "the writer ended with a panic".to_owned() }),
    }
    report.add_counts(&run);
    report
}

/// Runs jobs, at most `concurrency` at once, until there are none, or until the run is to stop.
async fn schedule(run: &Arc<Run>, outlet: Outlet) -> Report {
    let mut report = Report::new(&run.plan);
    let mut waiting: VecDeque<Job> = run.plan.first_jobs().into();
    let (found, mut children) = mpsc::unbounded_channel();
    let mut running = JoinSet::new();
    let mut census = vec![BTreeSet::new(); run.plan.streams().len()];
    waiting.iter().for_each(|job| run.board.stream(job.stream).found.add(1));
    loop {
        while let Ok(job) = children.try_recv() {
            waiting.push_back(job);
        }
        while running.len() < run.settings.concurrency
            && run.stop.reason().is_none()
            && let Some(job) = waiting.pop_front()
        {
            // Two routes may lead to the same partition: it is read once.
            let is_new = job.partition.key().is_none_or(|key| census[job.stream].insert(key));
            if is_new && report.begin(job.stream, run.probe) {
                run.board.stream(job.stream).begin(run.clock.elapsed());
                let place = job.place(run);
                let reading = read(Arc::clone(run), job, outlet.clone(), found.clone());
                running.spawn(current::within(place, reading));
            }
        }
        if running.is_empty() && (children.is_empty() || run.stop.reason().is_some()) {
            break;
        }
        tokio::select! {
            biased;
            Some(job) = children.recv() => waiting.push_back(job),
            Some(ended) = running.join_next() => match ended {
                Ok((job, result)) => settle(run, &mut report, &job, result),
                Err(panic) => {
                    report.abort(Error::Bug { what: format!("a worker ended early ({panic})") });
                    run.stop.request(Outcome::Bug);
                }
            },
        }
    }
    let is_rejecting = run.tallies.iter().any(Tally::is_rejecting);
    if report.is_whole() && !is_rejecting && run.stop.reason().is_none() && !run.probe {
        outlet.census(census).await;
    }
    report
}

/// Books how a partition ended.
fn settle(run: &Run, report: &mut Report, job: &Job, result: Result<End, Error>) {
    run.board.stream(job.stream).end(run.clock.elapsed());
    let error = match result {
        Ok(End::Complete) => return report.complete(job.stream),
        Ok(End::Tolerated(status)) => return report.tolerate(job, status),
        Err(error) => error,
    };
    if matches!(error, Error::Stopped) {
        return;
    }
    if error.scope() == Scope::Run {
        run.stop.request(error.outcome());
    }
    report.fail(job, error);
}

/// Reads one partition.
async fn read(
    run: Arc<Run>,
    job: Job,
    outlet: Outlet,
    children: mpsc::UnboundedSender<Job>,
) -> (Job, Result<End, Error>) {
    let planned = run.plan.stream(job.stream);
    let start = run.plan.start(&run, &job);
    let mut pages = PageSink::new(Arc::clone(&run), &job, start.clone(), outlet, children);
    let scan = Scan {
        client: &run.client,
        partition: &job.partition,
        batch: std::slice::from_ref(&job.partition),
        route: job.route,
        since: planned.since().zip(start.floor.as_ref()),
        probe: run.probe,
    };
    let reading = async {
        planned.stream.reader().read(scan, &mut pages).await?;
        if let Some((_, error)) = pages.take_failed().into_iter().next() {
            return Err(error);
        }
        if run.probe { Ok(()) } else { pages.finish().await }
    };
    let result = tokio::select! {
        result = reading => result,
        () = run.stop.requested() => Err(Error::Stopped),
    };
    // What a stream tolerates is an answer to its first request; later it is a failure as any.
    let result = match result {
        Ok(()) => Ok(End::Complete),
        Err(error) if !pages.has_begun() => planned.stream.tolerated(error).map(End::Tolerated),
        Err(error) => Err(error),
    };
    drop(pages);
    (job, result)
}

#[cfg(test)]
mod tests;
