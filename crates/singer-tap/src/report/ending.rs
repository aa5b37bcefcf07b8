//! How a run ended, and what its last line says of that.

use std::time::Duration;

use crate::outcome::Outcome;
use crate::settings::Settings;

/// How a run ended, and the code with which the process says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) outcome: Outcome,
    pub(crate) code: u8,
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    pub(crate) requests: u64,
    pub(crate) retries: u64,
    pub(crate) time: Duration,
}

impl From<Outcome> for Ending {
    fn from(outcome: Outcome) -> Ending {
        Ending { outcome, code: outcome.code() }
    }
}

impl Ending {
    /// The ending of a run with these settings: a partial one ends as the user wants.
    pub(crate) fn of(outcome: Outcome, settings: &Settings) -> Ending {
        match outcome {
            Outcome::Partial => Ending { outcome, code: settings.partial_exit_code },
            _ => Ending::from(outcome),
        }
    }

    /// The last line of a run that came to nothing; `id` is that of the message which says why.
    pub(crate) fn nothing_read(self, time: Duration, id: &str) -> String {
        self.line(time, &format!("nothing was read ({id})"))
    }

    /// The last line of a run that does not wait for what it is at.
    pub(crate) fn at_once(self) -> String {
        format!("[END01] stopped at once: the last STATE is safe. exit {}", self.code)
    }

    /// The last line of a run that failed in itself.
    pub(crate) fn broken_off(self) -> String {
        format!("[END01] broke off: the last STATE is safe. exit {}", self.code)
    }

    pub(super) fn line(self, time: Duration, what: &str) -> String {
        let verb = if self.outcome == Outcome::Ok { "done" } else { "ended" };
        let seconds = time.as_secs_f64();
        let why = match self.outcome {
            Outcome::Partial if self.code != Outcome::Partial.code() => {
                " (partial, by `partial_exit_code`)"
            }
            Outcome::Pipe => " (the reader of stdout went away)",
            _ => "",
        };
        format!("[END01] {verb} in {seconds:.1} s: {what}. exit {}{why}", self.code)
    }
}
