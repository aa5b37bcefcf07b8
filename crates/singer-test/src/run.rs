//! Runs the real tap in this process, with a clock that nobody waits for.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use singer_http::testing::{FixedRandom, ManualClock};
use singer_http::{Env, Transport};
use singer_tap::{Stop, Tap, captured_log};

use crate::eager::EagerClock;
use crate::messages::Messages;

/// When every run takes place: the `time_extracted` of its records.
pub const NOW: &str = "2026-11-24T15:00:00Z";

/// The world of a run: these answers, and time that stands still unless somebody waits.
pub(crate) fn env(transport: Arc<dyn Transport>) -> Env {
    Env {
        transport,
        clock: Arc::new(ManualClock::at(NOW)),
        random: Arc::new(FixedRandom(0.5)),
        ..Env::real()
    }
}

/// The same, with a STATE after every page, however small it is.
pub(crate) fn eager(transport: Arc<dyn Transport>) -> Env {
    Env { clock: Arc::new(EagerClock::new(Arc::new(ManualClock::at(NOW)))), ..env(transport) }
}

/// How a tap is called.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    arguments: Vec<String>,
    config: Value,
    state: Option<Value>,
    catalog: Option<Value>,
}

impl Invocation {
    /// With this config and nothing else.
    pub(crate) fn of(config: &Value) -> Invocation {
        let config = config.clone();
        Invocation { arguments: Vec::new(), config, state: None, catalog: None }
    }

    /// With further arguments.
    #[must_use]
    pub(crate) fn with(mut self, arguments: &[&str]) -> Invocation {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// From a state, if there is one.
    #[must_use]
    pub(crate) fn resumed_from(self, state: Option<&Value>) -> Invocation {
        Invocation { state: state.cloned(), ..self }
    }

    /// As a catalog says.
    #[must_use]
    pub(crate) fn by(self, catalog: &Value) -> Invocation {
        Invocation { catalog: Some(catalog.clone()), ..self }
    }

    /// Runs the tap to its end.
    pub(crate) fn run<T: Tap>(&self, env: Env) -> Messages {
        let mut config = self.config.clone();
        if let Some(settings) = config.as_object_mut() {
            // The output is the same on every run only if one partition is read at a time.
            settings.insert("concurrency".to_owned(), json!(1));
        }
        let files = [
            ("--config", Some(&config)),
            ("--state", self.state.as_ref()),
            ("--catalog", self.catalog.as_ref()),
        ];
        let files: Vec<(&str, TemporaryFile)> = (files.into_iter())
            .filter_map(|(flag, document)| Some((flag, TemporaryFile::of(document?))))
            .collect();
        let mut command = vec![OsString::from(T::NAME)];
        for (flag, file) in &files {
            command.extend([OsString::from(flag), file.0.clone().into()]);
        }
        command.extend(self.arguments.iter().map(OsString::from));

        let stdout = Captured::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime of one thread always starts");
        let (outcome, log) = captured_log(|| {
            let stdout = Box::new(stdout.clone());
            runtime.block_on(singer_tap::run::<T>(command, env, stdout, Stop::default()))
        });
        Messages::new(outcome, stdout.text(), log)
    }
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
