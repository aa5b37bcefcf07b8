//! Log lines on stderr: `LEVEL message`, as singer-python writes them, or JSON as Meltano reads it.

mod ear;
mod entry;
mod screen;
mod wish;

use std::fmt;
use std::io::Write as _;
use std::sync::{PoisonError, RwLock};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::current;
use crate::error::Error;
use crate::redact::redact;

pub(crate) use ear::Ear;
pub use ear::captured_log;
pub(crate) use entry::{Entry, Severity};
pub(crate) use screen::{Screen, clear as clear_screen, is_wanted as is_screen_wanted};
pub(crate) use wish::LogFormat;
use wish::Wish;

/// How lines are written; what a process begins with, before it is told otherwise.
static STYLE: RwLock<Style> =
    RwLock::new(Style { app: "", format: LogFormat::Text, is_quiet: false });

#[derive(Clone, Copy, Debug)]
struct Style {
    /// The tap's name; none before logging has started.
    app: &'static str,
    format: LogFormat,
    /// Warnings and worse only: nobody wants to see progress.
    is_quiet: bool,
}

fn style() -> Style {
    *STYLE.read().unwrap_or_else(PoisonError::into_inner)
}

/// Starts logging for the tap `name`, as the environment asks.
pub(crate) fn start(name: &'static str) {
    let wish = Wish::of(name, |variable| std::env::var(variable).ok(), |path| std::fs::read(path));
    let style = Style { app: name, format: wish.format, is_quiet: wish.level < LevelFilter::INFO };
    *STYLE.write().unwrap_or_else(PoisonError::into_inner) = style;
    // A second start in one process (tests) keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(Lines.with_filter(wish.level)).try_init();
    if let Some(problem) = wish.problem {
        tracing::warn!("[LOG01] {problem}");
    }
}

/// Writes lines in this form from now on, whatever the environment says.
pub(crate) fn set_format(format: LogFormat) {
    STYLE.write().unwrap_or_else(PoisonError::into_inner).format = format;
}

/// Whether this process writes a log; tests listen in their own way.
pub(crate) fn has_started() -> bool {
    !style().app.is_empty()
}

/// Whether lines are JSON.
pub(crate) fn is_json() -> bool {
    style().format == LogFormat::Json
}

/// Tells why the run, or what was asked for, came to nothing.
pub(crate) fn critical(error: &Error) {
    critical_line(error.id(), &error.to_string());
}

/// The same of what is no [`Error`].
pub(crate) fn critical_line(id: &str, text: &str) {
    write(&Entry::new(Severity::Critical, "singer_tap", format!("[{id}] {text}")));
}

/// Writes one line to stderr, above what the screen shows; a closed stderr is nobody's failure.
pub(crate) fn write(entry: &Entry) {
    if Ear::hears(&line(&entry.text())) {
        return;
    }
    let style = style();
    let text = match style.format {
        LogFormat::Text => line(&entry.text()),
        LogFormat::Json => redact(entry.json(style.app)) + "\n",
    };
    screen::beside(|| {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    });
}

/// A line without secrets and without anything that a terminal would obey.
fn line(text: &str) -> String {
    let text = redact(text.replace(['\n', '\r', '\t'], " "));
    singer_http::printable(&text) + "\n"
}

struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // Lines of the libraries below us could carry URLs or headers: only their warnings pass.
        if *metadata.level() > Level::WARN && !is_ours(metadata.target()) {
            return;
        }
        let mut entry =
            Entry::new(Severity::from(*metadata.level()), metadata.target(), String::new());
        event.record(&mut Fields(&mut entry));
        if entry.stream.is_none() {
            entry.stream = current::place().map(|place| place.stream.to_string());
        }
        write(&entry);
    }
}

fn is_ours(target: &str) -> bool {
    ["singer_", "tap_"].iter().any(|prefix| target.starts_with(prefix))
}

struct Fields<'a>(&'a mut Entry);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        match field.name() {
            "message" => self.0.message = text,
            // Messages name their stream; for programs it stands apart.
            "stream" => self.0.stream = Some(text.trim_matches('"').to_owned()),
            "metric" => self.0.metric = serde_json::from_str(&text).ok(),
            name => {
                self.0.extra.insert(name.to_owned(), Value::String(text));
            }
        }
    }
}
