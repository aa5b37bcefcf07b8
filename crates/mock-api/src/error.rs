//! What can go wrong before the server runs.

use std::io;
use std::path::PathBuf;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken or may not be used.
    #[error("cannot listen on `127.0.0.1:{port}`; choose another `--port`, 0 takes a free one")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The server's threads could not be made.
    #[error("cannot start the threads of the server")]
    Runtime(#[source] io::Error),
    /// An option that does not hold together with the others.
    #[error("option `{option}` cannot be used ({rule})")]
    Option {
        /// The option's name, with its dashes.
        option: &'static str,
        /// The rule that it broke.
        rule: String,
    },
    /// The fault file could not be read.
    #[error("cannot read the fault script `{}`", path.display())]
    FaultFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The fault script is not a list of rules.
    #[error("the fault script is not valid (a JSON list of `{{\"match\": …, \"fault\": …}}`)")]
    FaultScript(#[from] serde_json::Error),
}
