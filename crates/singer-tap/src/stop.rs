//! How a run is told to stop, and who told it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::Error;
use crate::logging;
use crate::outcome::Outcome;
use crate::report::Ending;

/// A request to stop, shared by everything that waits.
#[derive(Clone, Debug)]
pub struct Stop {
    reason: Arc<watch::Sender<Option<Outcome>>>,
    by_signals: bool,
}

impl Default for Stop {
    fn default() -> Stop {
        Stop { reason: Arc::new(watch::Sender::new(None)), by_signals: false }
    }
}

impl Stop {
    /// Asks the run to stop and to end like this; the first reason stays.
    pub fn request(&self, outcome: Outcome) {
        self.reason.send_if_modified(|reason| {
            let first = reason.is_none();
            reason.get_or_insert(outcome);
            first
        });
    }

    /// Why the run is to stop, if it is.
    pub fn reason(&self) -> Option<Outcome> {
        *self.reason.borrow()
    }

    /// Waits until the run is to stop.
    pub(crate) async fn requested(&self) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self.reason.subscribe().wait_for(Option::is_some).await;
    }

    /// What `future` comes to, unless the run is to stop before.
    ///
    /// # Errors
    /// Those of `future`; [`Error::Stopped`].
    pub(crate) async fn or<T>(
        &self,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            result = future => result,
            () = self.requested() => Err(Error::Stopped),
        }
    }

    /// One that SIGINT and SIGTERM request too, once the settings are read; before that they end the
    /// process, as they do by default.
    pub fn on_signals() -> Stop {
        Stop { by_signals: true, ..Stop::default() }
    }

    /// Turns SIGINT and SIGTERM into requests, if that is asked for; the second signal ends the
    /// process at once.
    pub(crate) fn listen(&self) -> std::io::Result<()> {
        if !self.by_signals {
            return Ok(());
        }
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let stop = self.clone();
        tokio::spawn(async move {
            loop {
                let outcome = tokio::select! {
                    _ = interrupt.recv() => Outcome::Interrupted,
                    _ = terminate.recv() => Outcome::Terminated,
                };
                if stop.reason().is_some() {
                    at_once(outcome);
                }
                tracing::warn!(
                    "[SIG01] stopping: what was read is written and the state is kept; again to stop at once"
                );
                stop.request(outcome);
            }
        });
        Ok(())
    }
}

#[allow(clippy::disallowed_methods, reason = "the second signal asks for exactly this")]
fn at_once(outcome: Outcome) -> ! {
    logging::clear_screen();
    tracing::warn!("{}", Ending::from(outcome).at_once());
    std::process::exit(outcome.code().into())
}
