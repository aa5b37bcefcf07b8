//! The tap on trial: its whole run, and a way to run it again.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use serde_json::Value;
use singer_http::Env;
use singer_tap::{Outcome, Replication, Since, Stream, Tap, settings_schema};

use crate::leak::{self, Forms};
use crate::messages::Messages;
use crate::run::{Invocation, eager};
use crate::subject::Subject;
use crate::transcript::Transcript;

/// Reads everything that the config gives.
const ALL: [&str; 2] = ["--select", "*"];

pub(super) struct Trial<'a> {
    subject: &'a Subject,
    call: fn(&Invocation, Env) -> Messages,
    /// What the tap's author declared.
    streams: Vec<Stream>,
    /// The schema of the settings.
    pub(super) settings: Value,
    /// A run of everything from the beginning.
    pub(super) first: Messages,
    /// The same, read back.
    pub(super) whole: Transcript,
    /// The secrets of the config.
    secrets: Vec<Forms>,
    /// Hashes of the lines that were searched, with the secrets they were searched for.
    seen: RefCell<HashSet<u64>>,
    /// The secrets that were seen in any run.
    leaks: RefCell<BTreeSet<String>>,
    troubles: RefCell<Vec<String>>,
}

impl<'a> Trial<'a> {
    pub(super) fn begin<T: Tap>(subject: &'a Subject) -> Trial<'a> {
        let settings = settings_schema::<T::Config>();
        let mut trial = Trial {
            subject,
            call: Invocation::run::<T>,
            // None if the config gives none; the run tells why.
            streams: subject.streams::<T>().unwrap_or_default(),
            secrets: leak::of_config(&settings, subject.config()),
            settings,
            first: Messages::empty(),
            whole: Transcript::of(""),
            seen: RefCell::default(),
            leaks: RefCell::default(),
            troubles: RefCell::default(),
        };
        trial.first = trial.messages(&trial.everything());
        trial.whole = Transcript::of(trial.first.stdout());
        trial
    }

    /// Whether a run from a bookmark brings nothing older than it: not if the stream is declared to
    /// come whole every time, and not if a source that does not filter was to filter.
    pub(super) fn is_bounded(&self, stream: &str) -> bool {
        match self.stream(stream).map(Stream::replication) {
            None | Some(Replication::FullTable) => false,
            Some(Replication::Incremental { since, .. }) => match since {
                Since::Reread => false,
                Since::Param(_) | Since::UnorderedParam(_) => self.subject.is_filtering(),
                Since::StopAt
                | Since::Scan
                | Since::Window { .. }
                | Since::Range { .. }
                | Since::Windows { .. }
                | Since::Intervals { .. } => true,
            },
        }
    }

    /// How far before its bookmark a stream is declared to be read again.
    pub(super) fn lookback(&self, stream: &str) -> Duration {
        self.stream(stream).map(|stream| stream.lag_and_lookback().1).unwrap_or_default()
    }

    /// Whether a stream is read below another.
    pub(super) fn is_child(&self, stream: &str) -> bool {
        self.stream(stream).is_some_and(|stream| stream.parent_name().is_some())
    }

    fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.name() == name)
    }

    /// A call with the config.
    pub(super) fn invocation(&self) -> Invocation {
        Invocation::of(self.subject.config())
    }

    /// A call that reads everything.
    pub(super) fn everything(&self) -> Invocation {
        self.invocation().with(&ALL)
    }

    /// The config.
    pub(super) fn config(&self) -> &Value {
        self.subject.config()
    }

    /// Runs the tap; the secrets of the config must not be seen.
    pub(super) fn messages(&self, invocation: &Invocation) -> Messages {
        self.watched(invocation, &self.secrets)
    }

    /// The same, read back; the run must end well.
    pub(super) fn run(&self, invocation: &Invocation) -> Transcript {
        let messages = self.messages(invocation);
        let outcome = messages.outcome();
        if outcome != Outcome::Ok {
            let why = messages.complaints();
            self.troubles.borrow_mut().push(format!("a run ends as {outcome:?}: {why}"));
        }
        Transcript::of(messages.stdout())
    }

    /// Runs that did not end well since this was asked before.
    pub(super) fn troubles(&self) -> Vec<String> {
        self.troubles.take()
    }

    /// Runs the tap; these secrets must not be seen.
    pub(super) fn watched(&self, invocation: &Invocation, secrets: &[Forms]) -> Messages {
        let messages = (self.call)(invocation, eager(self.subject.transport()));
        // Most lines are those of an earlier run.
        let mut seen = self.seen.borrow_mut();
        for (place, text) in [("stdout", messages.stdout()), ("the log", messages.log())] {
            for line in text.lines() {
                let mut hasher = DefaultHasher::new();
                (line, secrets.len(), secrets.first()).hash(&mut hasher);
                if seen.insert(hasher.finish()) {
                    let found = secrets.iter().filter_map(|secret| secret.found_in(line));
                    let leaks = found.map(|found| format!("{place} shows {found}"));
                    self.leaks.borrow_mut().extend(leaks);
                }
            }
        }
        messages
    }

    /// The secrets that were seen.
    pub(super) fn leaks(&self) -> Vec<String> {
        self.leaks.borrow().iter().cloned().collect()
    }
}
