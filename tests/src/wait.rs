//! The one way to wait: looking again until there is something to see.

use std::time::{Duration, Instant};

/// Longer than anything here takes, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(100);

/// Looks until there is something, and gives it.
///
/// # Panics
/// There is nothing for 100 s.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for, in real time")]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}
