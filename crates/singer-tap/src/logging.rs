//! Log lines on stderr: `LEVEL message`, as singer-python writes them and Meltano passes them on.

use std::cell::RefCell;
use std::fmt;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::redact::redact;

/// Starts logging for the tap `name`; the level comes from `<NAME>_LOGLEVEL`, else `LOGLEVEL`.
pub(crate) fn start(name: &str) {
    let prefix = crate::config::env_prefix(name);
    let level = std::env::var(format!("{prefix}_LOGLEVEL"))
        .or_else(|_| std::env::var("LOGLEVEL"))
        .map_or(LevelFilter::INFO, |text| level_of(&text));
    // A second start in one process (tests) keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(Lines.with_filter(level)).try_init();
}

/// Reads a level as Python's logging names it; anything unknown is `INFO`.
fn level_of(text: &str) -> LevelFilter {
    match text.trim().to_ascii_uppercase().as_str() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARNING" | "WARN" => LevelFilter::WARN,
        "ERROR" | "CRITICAL" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // Lines of the libraries below us could carry URLs or headers: only their warnings pass.
        if *metadata.level() > Level::WARN && !is_ours(metadata.target()) {
            return;
        }
        let mut line = String::from(match *metadata.level() {
            Level::ERROR => "ERROR ",
            Level::WARN => "WARNING ",
            Level::INFO => "INFO ",
            Level::DEBUG => "DEBUG ",
            Level::TRACE => "TRACE ",
        });
        event.record(&mut Message(&mut line));
        write_line(&line);
    }
}

fn is_ours(target: &str) -> bool {
    ["singer_", "tap_"].iter().any(|prefix| target.starts_with(prefix))
}

/// Writes one line to stderr; a closed stderr is nobody's failure.
pub(crate) fn write_line(line: &str) {
    let mut text = redact(line.replace(['\n', '\r'], " "));
    text.push('\n');
    let is_heard = EAR.with_borrow(|ear| ear.as_ref().map(|ear| ear.hear(&text))).is_some();
    if !is_heard {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

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

    fn hear(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    }
}

struct Message<'a>(&'a mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write as _;
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_thread_says_is_heard_at_every_level_with_its_secrets_masked() {
        crate::redact::hide("t0ken-of-the-log");
        let ((), heard) = captured_log(|| {
            tracing::trace!("asking with {}", "t0ken-of-the-log");
            let ear = Ear::here().expect("somebody listens");
            let other = std::thread::spawn(move || ear.around(|| write_line("CRITICAL [X] over")));
            other.join().unwrap();
        });
        assert_eq!(heard, "TRACE asking with ***\nCRITICAL [X] over\n");
        assert!(Ear::here().is_none());
    }

    #[test]
    fn levels_are_read_as_python_names_them() {
        for (text, level) in [
            ("debug", LevelFilter::DEBUG),
            ("WARNING", LevelFilter::WARN),
            ("critical", LevelFilter::ERROR),
            ("nonsense", LevelFilter::INFO),
        ] {
            assert_eq!(level_of(text), level, "{text}");
        }
    }
}
