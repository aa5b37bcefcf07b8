//! Runs the real tap over recorded exchanges, in this process and in no time.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use singer_http::testing::{FixedRandom, ManualClock};
use singer_http::{Env, Unobserved, Untold};
use singer_tap::{Stop, Tap};

use crate::conformance;
use crate::exchange;
use crate::messages::Messages;
use crate::replay::Replay;

/// When every run takes place: the `time_extracted` of its records.
pub const NOW: &str = "2026-11-24T15:00:00Z";

/// Reads one stream with nothing read before. `fixtures` are files and folders of exchanges, all of
/// which must be asked for, and nothing else.
///
/// # Panics
/// When the output breaks a rule of [`conformance`](crate::breaches), when what was asked is not
/// what was recorded, or when fixtures cannot be used.
#[track_caller]
pub fn stream<T: Tap>(stream: &str, fixtures: &[impl AsRef<Path>], config: &Value) -> Messages {
    sync::<T>(&["--select", stream], fixtures, config, None)
}

/// Reads one stream from a state, as the next run would; else as [`stream`](fn@stream).
///
/// # Panics
/// As [`stream`](fn@stream).
#[track_caller]
pub fn resume<T: Tap>(
    stream: &str,
    fixtures: &[impl AsRef<Path>],
    config: &Value,
    state: &Value,
) -> Messages {
    sync::<T>(&["--select", stream], fixtures, config, Some(state))
}

/// The SCHEMA messages of all streams that these settings give; nothing is requested.
///
/// # Panics
/// When the output breaks a rule of [`conformance`](crate::breaches), or something is requested.
#[track_caller]
pub fn schemas<T: Tap>(config: &Value) -> Messages {
    let replay = Arc::new(Replay::new(Vec::new()));
    let messages = run::<T>(&["--test=schema"], &replay, config, None);
    assert_sound(&messages, replay.problems());
    messages
}

#[track_caller]
fn sync<T: Tap>(
    arguments: &[&str],
    fixtures: &[impl AsRef<Path>],
    config: &Value,
    state: Option<&Value>,
) -> Messages {
    let exchanges = exchange::load(fixtures).unwrap_or_else(|error| panic!("{error}"));
    let replay = Arc::new(Replay::new(exchanges));
    let messages = run::<T>(arguments, &replay, config, state);
    let mut problems = replay.problems();
    if !conformance::ends_with_state(messages.stdout()) {
        problems.push("the last line is no STATE".to_owned());
    }
    assert_sound(&messages, problems);
    messages
}

#[track_caller]
fn assert_sound(messages: &Messages, mut problems: Vec<String>) {
    problems.extend(conformance::breaches(messages.stdout()));
    assert!(
        problems.is_empty(),
        "the run ended as {:?}, and:\n- {}",
        messages.outcome(),
        problems.join("\n- ")
    );
}

/// Runs the tap with `--config`, `--state` where there is one, and `arguments`.
fn run<T: Tap>(
    arguments: &[&str],
    replay: &Arc<Replay>,
    config: &Value,
    state: Option<&Value>,
) -> Messages {
    let mut config = config.clone();
    if let Some(settings) = config.as_object_mut() {
        // The output is the same on every run only if one partition is read at a time.
        settings.insert("concurrency".to_owned(), json!(1));
    }
    let config = TemporaryFile::of(&config);
    let state = state.map(TemporaryFile::of);
    let mut command = vec![OsString::from(T::NAME), "--config".into(), config.0.clone().into()];
    if let Some(state) = &state {
        command.extend(["--state".into(), state.0.clone().into()]);
    }
    command.extend(arguments.iter().map(OsString::from));

    let env = Env {
        transport: Arc::clone(replay) as _,
        clock: Arc::new(ManualClock::at(NOW)),
        random: Arc::new(FixedRandom(0.5)),
        observer: Arc::new(Unobserved),
        secrets: Arc::new(Untold),
    };
    let stdout = Captured::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime
        .expect("a runtime of one thread always starts")
        .block_on(singer_tap::run::<T>(command, env, Box::new(stdout.clone()), Stop::default()));
    Messages::new(outcome, stdout.text())
}

/// A JSON document in a file that is removed in the end.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn of(document: &Value) -> TemporaryFile {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("singer-test-{}-{number}.json", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, document.to_string())
            .expect("a test can write to the folder for temporary files");
        TemporaryFile(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // What cannot be removed does no harm there.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[derive(Clone, Debug, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("a tap's output is UTF-8")
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
