//! One run of the real tap, in this process.

use std::ffi::OsString;
use std::io::{Error, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use singer_http::testing::FixedRandom;
use singer_http::{Env, Unobserved, Untold};
use singer_tap::{Outcome, Stop, captured_log};

use crate::case::Run;
use crate::clock::{ModelClock, Shared};
use crate::server::{Log, Server};
use crate::tap::TapModel;
use crate::world::{MIDNIGHT, TICK, World, instant};

/// What a run did.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) log: Log,
}

/// Runs the tap from a state.
pub(crate) fn run(
    world: &Shared,
    clock: &Arc<ModelClock>,
    run: &Run,
    state: Option<&Value>,
) -> Ran {
    let settings = settings(&world.lock().unwrap_or_else(PoisonError::into_inner), run);
    let config = TemporaryFile::of(&settings);
    let state = state.map(TemporaryFile::of);
    let mut command: Vec<OsString> = vec!["tap-model".into(), "--config".into(), config.path()];
    if let Some(state) = &state {
        command.extend(["--state".into(), state.path()]);
    }
    let stop = Stop::default();
    let server = Arc::new(Server::new(world, clock, &stop, &run.during));
    let env = Env {
        transport: Arc::clone(&server) as _,
        clock: Arc::clone(clock) as _,
        random: Arc::new(FixedRandom(0.0)),
        observer: Arc::new(Unobserved),
        secrets: Arc::new(Untold),
        tokens: None,
    };
    let stdout = Stdout { room: run.pipe.unwrap_or(usize::MAX), text: Arc::default() };
    let text = Arc::clone(&stdout.text);
    let (outcome, stderr) = captured_log(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime of one thread always starts");
        runtime.block_on(singer_tap::run::<TapModel>(command, env, Box::new(stdout), stop))
    });
    let stdout = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let log = std::mem::take(&mut *server.log());
    Ran { outcome, stdout: String::from_utf8(stdout).expect("output is UTF-8"), stderr, log }
}

fn settings(world: &World, run: &Run) -> Value {
    let mut settings = json!({
        "shape": world.shape,
        "concurrency": run.concurrency,
        "emit_activate_version_messages": world.shape.versions,
    });
    for (name, date) in [("start_date", world.start_date), ("end_date", world.end_date)] {
        if let Some(date) = date {
            settings[name] = json!(instant(MIDNIGHT + date * TICK));
        }
    }
    settings
}

/// Stdout, which may be closed by its reader after some bytes.
struct Stdout {
    room: usize,
    text: Arc<Mutex<Vec<u8>>>,
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(self.room);
        if taken == 0 && !bytes.is_empty() {
            return Err(Error::from(ErrorKind::BrokenPipe));
        }
        self.room -= taken;
        let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        text.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A JSON document in a file that is removed in the end.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn of(document: &Value) -> TemporaryFile {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tap-model-{}-{number}.json", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, document.to_string())
            .expect("a test can write to the folder for temporary files");
        TemporaryFile(path)
    }

    fn path(&self) -> OsString {
        self.0.clone().into()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // What cannot be removed does no harm there.
        let _ = std::fs::remove_file(&self.0);
    }
}
