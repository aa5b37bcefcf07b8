//! Files named on the command line; `-` is stdin.

use std::io::Read as _;
use std::path::Path;

use crate::error::Error;

/// The bytes of a file, or of stdin for `-`.
///
/// # Errors
/// The file cannot be read; the error names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|content| bytes = content)
    };
    match read {
        Ok(()) => Ok(bytes),
        Err(source) => Err(Error::Unreadable { path: path.to_owned(), source }),
    }
}
