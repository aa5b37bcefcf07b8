//! Who listens to a thread in place of stderr: for tests of taps.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::layer::SubscriberExt as _;

use super::Lines;

thread_local! {
    /// Who listens to this thread in place of stderr.
    static EAR: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

/// Does the work and gives all that a run within it would have said on stderr, at every level: for
/// tests of taps. The work must stay on this thread; the writer of a run is heard too.
pub fn captured_log<R>(work: impl FnOnce() -> R) -> (R, String) {
    let ear = Ear::default();
    let done = ear.around(work);
    let lines = ear.0.lock().unwrap_or_else(PoisonError::into_inner);
    (done, lines.clone())
}

/// What was said on the threads that it listens to.
#[derive(Clone, Default)]
pub(crate) struct Ear(Arc<Mutex<String>>);

impl Ear {
    /// The one that listens to this thread, so that it can listen to another one too.
    pub(crate) fn here() -> Option<Ear> {
        EAR.with_borrow(Clone::clone)
    }

    /// Listens to this thread while it does some work.
    pub(crate) fn around<R>(&self, work: impl FnOnce() -> R) -> R {
        let before = EAR.replace(Some(self.clone()));
        let lines = tracing_subscriber::registry().with(Lines);
        let done = tracing::subscriber::with_default(lines, work);
        EAR.set(before);
        done
    }

    /// Tells whoever listens to this thread, if anybody does.
    pub(super) fn hears(text: &str) -> bool {
        EAR.with_borrow(|ear| ear.as_ref().map(|ear| ear.hear(text))).is_some()
    }

    fn hear(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logging::critical_line;

    #[test]
    fn what_a_thread_says_is_heard_at_every_level_with_its_secrets_masked() {
        crate::redact::hide("t0ken-of-the-log");
        let ((), heard) = captured_log(|| {
            tracing::trace!("asking with {}", "t0ken-of-the-log");
            let ear = Ear::here().expect("somebody listens");
            let other = std::thread::spawn(move || ear.around(|| critical_line("X", "over")));
            other.join().unwrap();
        });
        assert_eq!(heard, "TRACE asking with ***\nCRITICAL [X] over\n");
        assert!(Ear::here().is_none());
    }
}
