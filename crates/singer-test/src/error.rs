//! What can be wrong with fixtures.

use std::path::PathBuf;

/// Fixtures that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{}` ({source})", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder holds no exchange.
    #[error("no exchange in `{}` (its files end in `.http`)", .0.display())]
    Empty(PathBuf),
    /// A file does not hold an exchange.
    #[error("{}:{line}: {found} ({rule})", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What must stand there.
        rule: &'static str,
    },
}
