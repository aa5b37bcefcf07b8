//! Log lines on stderr: `LEVEL message`, as singer-python writes them and Meltano passes them on.

use std::fmt;
use std::io::Write as _;

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
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
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
