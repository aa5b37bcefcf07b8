//! Everything that can go wrong in a run, each with an id, a scope and an outcome.

use std::fmt;
use std::path::PathBuf;

use singer_http::{Kind, Scope};
use singer_protocol::WriteError;

use crate::outcome::Outcome;
use crate::refusal::Refusal;

/// Why a run, a stream or a partition ended early. Never holds a secret or a body.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration breaks its schema; all problems at once.
    #[error("{}", list(file, problems))]
    Config {
        /// The file, or `environment`.
        file: String,
        /// Each problem with its place.
        problems: Vec<Problem>,
    },
    /// A file that the command line names cannot be read.
    #[error("cannot read `{}` ({source}); check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The catalog or the state cannot be used.
    #[error("{file}: {source}")]
    Document {
        /// The file.
        file: String,
        /// What is wrong, with its JSON pointer.
        source: singer_protocol::Error,
    },
    /// The state is of another account than the one that is read.
    #[error(
        "{file}: the state is of another account (its bookmarks would hide what is new in this one); give the state of this account, or start without one"
    )]
    OtherAccount {
        /// The file.
        file: String,
    },
    /// The catalog asks for something that a stream cannot do.
    #[error("catalog: stream `{stream}` {problem}")]
    Catalog {
        /// The stream.
        stream: String,
        /// What is wrong, and the remedy.
        problem: String,
    },
    /// Arguments that do not go together, or lack something.
    #[error("{what}")]
    Usage {
        /// What is missing or wrong, and the remedy.
        what: String,
    },
    /// A request failed for good.
    #[error(transparent)]
    Http(#[from] singer_http::Error),
    /// A GraphQL API answered with errors instead of what was asked for.
    #[error(transparent)]
    Graphql(#[from] Refusal),
    /// A page's body cannot be read, after retries; none of it was used.
    #[error(
        "the page cannot be read ({what}); nothing of it was used. Usually a proxy or an outage: run again"
    )]
    Body {
        /// Where the body broke, without quoting it.
        what: String,
    },
    /// A page lacks what its paging promises.
    #[error("paging broke ({what}); stopped so that nothing is missed")]
    Page {
        /// What is missing.
        what: String,
    },
    /// A list is longer than the API shows.
    #[error("{what}, so that some would be missing; {remedy}")]
    Capped {
        /// What is cut.
        what: String,
        /// What the user can do.
        remedy: String,
    },
    /// What the API was asked to make, such as a report, did not come about.
    #[error("{what}; {remedy}")]
    Job {
        /// What was asked for, and what the API says of it.
        what: String,
        /// What the user can do.
        remedy: String,
    },
    /// A request came again in one partition.
    #[error(
        "the API led to a page that was read before (page {page} repeats an earlier request); stopped to avoid an endless loop"
    )]
    Loop {
        /// The number of the page that would have been read.
        page: usize,
    },
    /// The API keeps saying that there is more, but sends nothing.
    #[error("the API sent {pages} empty pages in a row and says that there are more; stopped")]
    EmptyPages {
        /// How many.
        pages: u32,
    },
    /// Too many records had to be rejected.
    #[error(
        "{rejected} of {records} records were rejected, more than 0.1 % and more than 100; the last: {reason}. Look at the rejects and at the API's changes"
    )]
    Rejects {
        /// How many.
        rejected: u64,
        /// Of how many.
        records: u64,
        /// Why the last one was.
        reason: String,
    },
    /// The API sends a field that nobody declares, and `new_field` is `fail`.
    #[error(
        "the API sends the field `{pointer}`, which the schema does not declare (`new_field` is `fail`); set it to `extra` or `evolve` to keep such fields, or to `ignore`"
    )]
    NewField {
        /// JSON pointer of the field.
        pointer: String,
    },
    /// Stdout cannot be written.
    #[error("cannot write to stdout ({0})")]
    Output(#[from] WriteError),
    /// The file for rejected records cannot be written.
    #[error(
        "cannot write the rejects file `{}` ({source}); no STATE covers what could not be written. Make room, or choose another file with `rejects`",
        path.display()
    )]
    RejectsFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The run was told to stop; what was read so far is safe.
    #[error("stopped")]
    Stopped,
    /// A fault of the tap itself.
    #[error("{what}; this is a fault of the tap, please report it")]
    Bug {
        /// What cannot be.
        what: String,
    },
}

/// One problem of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer of the setting; empty for the whole.
    pub pointer: String,
    /// The rule that is broken; never the value.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{pointer}: {}", self.message)
    }
}

/// What a configuration is called where it is not known where it came from.
pub(crate) const CONFIG: &str = "config";

impl Error {
    /// A setting that cannot be used: its JSON pointer, and the rule that it breaks, never its value.
    pub fn setting(pointer: impl Into<String>, rule: impl Into<String>) -> Error {
        Error::settings(vec![Problem { pointer: pointer.into(), message: rule.into() }])
    }

    pub(crate) fn settings(problems: Vec<Problem>) -> Error {
        Error::Config { file: CONFIG.to_owned(), problems }
    }

    /// The same, with what the configuration of this run is called.
    pub(crate) fn in_config(self, name: &str) -> Error {
        match self {
            Error::Config { file, problems } if file == CONFIG => {
                Error::Config { file: name.to_owned(), problems }
            }
            error => error,
        }
    }

    /// The message id, as the documentation lists it.
    pub fn id(&self) -> &'static str {
        match self {
            Error::Config { .. } => "CFG01",
            Error::Unreadable { .. } | Error::Usage { .. } => "CFG04",
            Error::Document { source, .. } => match source {
                singer_protocol::Error::ForeignState { .. }
                | singer_protocol::Error::NewerState { .. } => "STATE01",
                _ => "CFG05",
            },
            Error::OtherAccount { .. } => "STATE01",
            Error::Catalog { .. } => "CFG06",
            Error::Http(error) => error.id(),
            Error::Graphql(refusal) => refusal.refused.facts().id,
            Error::Body { .. } => "BODY02",
            Error::Page { .. } => "PAGE04",
            Error::Capped { .. } => "PAGE03",
            Error::Job { .. } => "JOB01",
            Error::Loop { .. } => "PAGE01",
            Error::EmptyPages { .. } => "PAGE02",
            Error::Rejects { .. } => "DATA03",
            Error::NewField { .. } => "DRIFT01",
            Error::Output(WriteError::Closed) => "OUT01",
            Error::Output(_) => "OUT02",
            Error::RejectsFile { .. } => "OUT03",
            Error::Stopped => "SIG01",
            Error::Bug { .. } => "BUG01",
        }
    }

    /// Whether what was asked for does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Error::Http(error) if *error.kind() == Kind::Missing)
    }

    /// Whether less would have been given.
    pub(crate) fn is_too_much(&self) -> bool {
        match self {
            Error::Capped { .. } => true,
            Error::Http(error) => *error.kind() == Kind::PageTooBig,
            _ => false,
        }
    }

    /// How much of the run it ends.
    pub fn scope(&self) -> Scope {
        match self {
            Error::Http(error) => error.scope(),
            Error::Graphql(refusal) => refusal.refused.facts().scope,
            Error::Body { .. }
            | Error::Page { .. }
            | Error::Capped { .. }
            | Error::Loop { .. }
            | Error::EmptyPages { .. }
            | Error::Rejects { .. }
            | Error::NewField { .. } => Scope::Stream,
            Error::Job { .. } => Scope::Partition,
            _ => Scope::Run,
        }
    }

    /// How the run ends when nothing else is to be told.
    pub fn outcome(&self) -> Outcome {
        match self {
            Error::Config { .. }
            | Error::Unreadable { .. }
            | Error::Document { .. }
            | Error::OtherAccount { .. }
            | Error::Catalog { .. }
            | Error::Usage { .. } => Outcome::Usage,
            Error::Http(error) => outcome_of(error.exit()),
            Error::Graphql(refusal) => refusal.refused.facts().outcome,
            Error::Body { .. } => Outcome::Unavailable,
            Error::Page { .. }
            | Error::Capped { .. }
            | Error::Loop { .. }
            | Error::EmptyPages { .. }
            | Error::Rejects { .. }
            | Error::NewField { .. } => Outcome::Refused,
            Error::Job { .. } => Outcome::Partial,
            Error::Output(WriteError::Closed) => Outcome::Pipe,
            Error::Output(_) | Error::RejectsFile { .. } => Outcome::LocalIo,
            Error::Stopped => Outcome::Terminated,
            Error::Bug { .. } => Outcome::Bug,
        }
    }
}

fn outcome_of(exit: singer_http::Exit) -> Outcome {
    use singer_http::Exit;
    match exit {
        Exit::Bug => Outcome::Bug,
        Exit::Usage => Outcome::Usage,
        Exit::Auth => Outcome::Auth,
        Exit::Unavailable => Outcome::Unavailable,
        Exit::Limited => Outcome::Limited,
        Exit::Partial => Outcome::Partial,
        Exit::Refused => Outcome::Refused,
        Exit::LocalIo => Outcome::LocalIo,
    }
}

fn list(file: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    format!("{file}: {}. `--about` lists the settings", lines.join("; "))
}
