//! Where the binaries are.

use std::path::PathBuf;

/// The path of a built binary of this workspace, of the same profile as the tests.
///
/// # Panics
/// It is not built yet.
pub fn path(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("a process knows its own program");
    // target/PROFILE/deps/test-0123456789abcdef
    let profile = tests.ancestors().nth(2).expect("cargo puts tests two folders deep");
    let path = profile.join(name);
    assert!(path.is_file(), "{} is missing: run `cargo build --workspace` first", path.display());
    path
}
