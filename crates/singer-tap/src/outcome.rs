//! How a run ended: the exit codes, and which of several wins.

use std::fmt::Write as _;
use std::process::ExitCode;

/// How a run ended. The number is the process's exit code; schedulers may act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// Everything that was selected was read to its end.
    Ok = 0,
    /// A fault of ours: a panic, or a request that the API says is wrong.
    Bug = 1,
    /// Arguments, configuration, catalog or state.
    Usage = 2,
    /// Credentials or rights for the whole run, or trust in the server's certificate.
    Auth = 3,
    /// The source cannot be reached, or does not answer sanely, after all retries.
    Unavailable = 4,
    /// A rate limit or quota is used up for longer than `max_wait`.
    Limited = 5,
    /// Some partitions, streams or records are missing; every STATE is safe.
    Partial = 6,
    /// The source broke its contract: a loop, a foreign origin, a cap, too many bad records.
    Refused = 7,
    /// A file or stdout could not be written.
    LocalIo = 8,
    /// Stopped by SIGINT.
    Interrupted = 130,
    /// The reader of stdout went away.
    Pipe = 141,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl Outcome {
    /// All outcomes, in the order in which one wins over another.
    pub const PRECEDENCE: [Outcome; 12] = [
        Outcome::Pipe,
        Outcome::Terminated,
        Outcome::Interrupted,
        Outcome::Bug,
        Outcome::Usage,
        Outcome::Auth,
        Outcome::LocalIo,
        Outcome::Refused,
        Outcome::Limited,
        Outcome::Unavailable,
        Outcome::Partial,
        Outcome::Ok,
    ];

    /// The exit code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// What the code means, in one sentence for `--help` and the documentation.
    pub fn meaning(self) -> &'static str {
        match self {
            Outcome::Ok => "everything that was selected was read",
            Outcome::Bug => "a fault of the tap itself; please report it",
            Outcome::Usage => "arguments, config, catalog or state are wrong",
            Outcome::Auth => "the credential or the server's certificate was refused",
            Outcome::Unavailable => {
                "the API could not be reached, or did not answer sanely; run again"
            }
            Outcome::Limited => "a rate limit lasts longer than `max_wait`; run again later",
            Outcome::Partial => {
                "some partitions, streams or records are missing; the state is safe"
            }
            Outcome::Refused => {
                "the API broke its contract (loop, foreign link, too many bad records)"
            }
            Outcome::LocalIo => "a file or stdout could not be written",
            Outcome::Interrupted => "stopped by SIGINT; the state is safe",
            Outcome::Pipe => "the reader of stdout went away",
            Outcome::Terminated => "stopped by SIGTERM; the state is safe",
        }
    }

    /// The one of two outcomes that the run reports.
    #[must_use]
    pub fn worst(self, other: Outcome) -> Outcome {
        if self.rank() <= other.rank() { self } else { other }
    }

    /// All of them, by their codes.
    pub(crate) fn by_code() -> [Outcome; 12] {
        let mut outcomes = Outcome::PRECEDENCE;
        outcomes.sort_by_key(|outcome| outcome.code());
        outcomes
    }

    /// The exit codes as lines of text, as `--help` and `--about` show them.
    pub(crate) fn all_codes() -> String {
        let mut text = String::from("Exit codes:\n");
        for outcome in Outcome::by_code() {
            let _ = writeln!(text, "  {:>3}  {}", outcome.code(), outcome.meaning());
        }
        text
    }

    fn rank(self) -> usize {
        Outcome::PRECEDENCE.iter().position(|outcome| *outcome == self).unwrap_or(0)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_wins_over_a_partial_run_and_a_partial_run_over_success() {
        let check = |a: Outcome, b: Outcome, expected| {
            assert_eq!(a.worst(b), expected);
            assert_eq!(b.worst(a), expected);
        };
        check(Outcome::Ok, Outcome::Partial, Outcome::Partial);
        check(Outcome::Partial, Outcome::Limited, Outcome::Limited);
        check(Outcome::Limited, Outcome::Refused, Outcome::Refused);
        check(Outcome::Refused, Outcome::Auth, Outcome::Auth);
        check(Outcome::Auth, Outcome::Bug, Outcome::Bug);
    }

    #[test]
    fn every_outcome_has_its_place_in_the_order() {
        for outcome in Outcome::PRECEDENCE {
            assert_eq!(Outcome::PRECEDENCE[outcome.rank()], outcome);
        }
    }
}
