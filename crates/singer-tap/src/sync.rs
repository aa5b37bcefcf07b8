//! A sync: partitions are read side by side, one thread writes. The only file that sees it all.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use singer_http::{Client, Clock, Spares, Stats};
use singer_protocol::{PartitionKey, State};
use tokio::sync::mpsc;

use crate::board::Board;
use crate::error::Error;
use crate::greeting::greet;
use crate::ledger::Ledgers;
use crate::logging;
use crate::metrics::{Counted, Metrics};
use crate::outcome::Outcome;
use crate::outlet::Outlet;
use crate::output::{self, Output};
use crate::partition::{Context, Partition};
use crate::plan::Plan;
use crate::rejects::Tally;
use crate::report::Report;
use crate::schedule::Schedule;
use crate::settings::Settings;
use crate::stop::Stop;

/// Everything that a run shares.
pub(crate) struct Run {
    /// The tap's name.
    pub(crate) tap: &'static str,
    /// What is asked for before anything is read.
    pub(crate) greeting: Option<String>,
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
    /// What streams that follow their parents have read.
    pub(crate) ledgers: Mutex<Ledgers>,
    /// One page of each stream is enough.
    pub(crate) probe: bool,
}

impl Run {
    pub(crate) fn ledgers(&self) -> MutexGuard<'_, Ledgers> {
        self.ledgers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn greet(&self) -> Result<(), Error> {
        match &self.greeting {
            Some(path) => self.stop.or(greet(&self.client, path)).await,
            None => Ok(()),
        }
    }

    /// The partitions that earlier runs could not read of a stream that follows its parent.
    pub(crate) fn pending(&self, stream: usize, parent: Option<&PartitionKey>) -> Vec<Partition> {
        let name = self.plan.stream(stream).stream.name();
        let bookmark = self.state.bookmark(name, parent);
        let contexts =
            bookmark.and_then(|bookmark| bookmark.pending.as_deref()).unwrap_or_default();
        let partition = |context| self.plan.child_partition(stream, Context::from_json(context));
        contexts.iter().map(partition).collect()
    }

    /// Lets the bookmark of a stream that follows pass the pages that are settled.
    pub(crate) async fn pass_ready(
        &self,
        stream: usize,
        parent: Option<&PartitionKey>,
        outlet: &Outlet,
    ) -> Result<(), Error> {
        let ready = self.ledgers().of(stream, parent).ready();
        for progress in ready {
            outlet.progress(stream, parent.cloned(), progress).await?;
        }
        Ok(())
    }
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
    let mut report = match run.greet().await {
        Ok(()) => {
            run.plan.settle_versions(&run.state, run.client.now());
            Schedule::new(&run, outlet).run().await
        }
        Err(error) => {
            drop(outlet);
            let mut report = Report::new(&run.plan);
            if !matches!(error, Error::Stopped) {
                report.abort(error);
            }
            report
        }
    };
    let written = tokio::task::spawn_blocking(move || writer.join()).await;
    match written {
        Ok(Ok(failure)) => failure.into_iter().for_each(|error| report.abort(error)),
        _ => report.abort(Error::Bug { what: "the writer ended with a panic".to_owned() }),
    }
    report.add_counts(&run);
    report
}

#[cfg(test)]
mod tests;
