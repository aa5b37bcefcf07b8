//! The process: its runtime, its signals, its panics and its exit code.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;

use serde_json::json;
use singer_http::Env;

use crate::logging::{self, Entry, Severity};
use crate::outcome::Outcome;
use crate::report::Ending;
use crate::run::begin;
use crate::stop::Stop;
use crate::tap::Tap;

/// The `main` of a tap: reads the process's arguments and ends with the code of [`Outcome`], or the
/// one that the user set for a partial run.
pub fn main<T: Tap>() -> ExitCode {
    logging::start(T::NAME);
    std::panic::set_hook(Box::new(|panic| tell_panic::<T>(panic)));
    // One thread reads and encodes, one writes: APIs are slower than either, and tasks that stay on
    // one thread cost less.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let begin = || match runtime {
        Ok(runtime) => runtime.block_on(async {
            let stop = Stop::on_signals();
            begin::<T>(std::env::args_os(), Env::real(), Box::new(std::io::stdout()), stop).await
        }),
        Err(error) => {
            logging::critical_line("BUG01", &format!("cannot start ({error})"));
            Ending::from(Outcome::Bug)
        }
    };
    ExitCode::from(guarded(begin).code)
}

/// The ending of a run, also of one that panics: the process's own code for that is no other's.
fn guarded(run: impl FnOnce() -> Ending) -> Ending {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        logging::clear_screen();
        let ending = Ending::from(Outcome::Bug);
        tracing::warn!("{}", ending.broken_off());
        ending
    })
}

/// A panic's own words may quote data: its place is enough to find it.
fn tell_panic<T: Tap>(panic: &PanicHookInfo<'_>) {
    logging::clear_screen();
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "[BUG01] {} {} failed at {place}; the last STATE is safe. Please report it",
        T::NAME,
        T::VERSION
    );
    let mut entry = Entry::new(Severity::Critical, "singer_tap", message);
    entry.exception = Some(json!({"type": "panic", "module": T::NAME, "message": place}));
    logging::write(&entry);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logging::captured_log;

    #[test]
    fn a_panic_outside_of_any_worker_ends_with_1_too() {
        let (ending, log) = captured_log(|| guarded(|| panic!("a word from a body")));
        assert_eq!(ending, Ending::from(Outcome::Bug));
        assert_eq!(log, "WARNING [END01] broke off: the last STATE is safe. exit 1\n");
    }
}
