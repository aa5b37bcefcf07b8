//! A running tap: read from, signalled, killed.

use std::io::{ErrorKind, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::run::{Run, Terms};
use crate::{Folder, until};

/// A run that lasts longer hangs.
const LIMIT: Duration = Duration::from_secs(90);

/// No output here is as long.
const MOST_BYTES: u64 = 128 << 20;

/// A tap that is running; killed when it is dropped.
#[derive(Debug)]
pub struct Running<'a> {
    child: Child,
    stdout: Option<ChildStdout>,
    read: Vec<u8>,
    /// Where the first line that nobody has looked at begins.
    looked: usize,
    errors: Errors,
    terms: Terms<'a>,
    /// Its files are there as long as it runs.
    _folder: Arc<Folder>,
    /// Its end tells the watchdog to go.
    _watchdog: Sender<()>,
}

impl<'a> Running<'a> {
    pub(crate) fn new(mut child: Child, terms: Terms<'a>, folder: Arc<Folder>) -> Running<'a> {
        let stdout = child.stdout.take();
        let errors = Errors::read(child.stderr.take().expect("stderr is piped"));
        let watchdog = watch(child.id());
        Running {
            child,
            stdout,
            read: Vec::new(),
            looked: 0,
            errors,
            terms,
            _folder: folder,
            _watchdog: watchdog,
        }
    }

    /// Reads so many bytes more, or to the end; gives how many came.
    pub fn read(&mut self, bytes: usize) -> usize {
        let stdout = self.stdout.as_mut().expect("stdout is open");
        let before = self.read.len();
        let read = stdout.take(bytes as u64).read_to_end(&mut self.read);
        read.expect("stdout can be read");
        self.read.len() - before
    }

    /// Reads on to the end of the next line of this message type, and perhaps a little further.
    pub fn read_to_line(&mut self, kind: &str) {
        let start = format!("{{\"type\":\"{kind}\"");
        loop {
            while let Some(length) = self.read[self.looked..].iter().position(|byte| *byte == b'\n')
            {
                let line = &self.read[self.looked..self.looked + length];
                self.looked += length + 1;
                if line.starts_with(start.as_bytes()) {
                    return;
                }
            }
            if self.read_some() == 0 {
                panic!("stdout ended before a {kind}: {}", self.end(true).log());
            }
        }
    }

    /// Reads what is there, a little at a time.
    fn read_some(&mut self) -> usize {
        let mut room = [0; 4_096];
        let stdout = self.stdout.as_mut().expect("stdout is open");
        let count = stdout.read(&mut room).expect("stdout can be read");
        self.read.extend_from_slice(&room[..count]);
        count
    }

    /// Waits until stderr holds a text.
    pub fn wait_told(&self, text: &str) {
        until(&format!("`{text}` to be told"), || self.errors.text().contains(text).then_some(()));
    }

    /// Goes away from stdout.
    pub fn close(&mut self) {
        self.stdout = None;
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        send(name, self.child.id());
    }

    /// The most memory that it ever took, in KiB.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("a running process has a status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        kib.expect("the peak is told in kB")
    }

    /// Ends it with SIGKILL; what is still in the pipe is lost.
    pub fn kill(mut self) -> Run {
        self.child.kill().expect("a running process can be killed");
        self.end(true)
    }

    /// Waits for its end without reading on.
    pub fn wait(mut self) -> Run {
        self.end(true)
    }

    /// Reads everything that is left, and waits for its end.
    pub fn finish(mut self) -> Run {
        if let Some(mut stdout) = self.stdout.take() {
            let read = stdout.by_ref().take(MOST_BYTES).read_to_end(&mut self.read);
            let read = read.expect("stdout can be read");
            assert!((read as u64) < MOST_BYTES, "stdout has no end");
        }
        self.end(false)
    }

    fn end(&mut self, is_cut: bool) -> Run {
        let status = until("the tap to end", || {
            self.child.try_wait().expect("a child of this process can be waited for")
        });
        let run = Run {
            code: status.code(),
            stdout: std::mem::take(&mut self.read),
            stderr: self.errors.end(),
            is_cut,
        };
        self.terms.check(&run);
        run
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What comes on stderr, kept while it comes.
#[derive(Debug)]
struct Errors {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Errors {
    fn read(mut stderr: ChildStderr) -> Errors {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let mut room = [0; 4_096];
            loop {
                match stderr.read(&mut room) {
                    Ok(0) => break,
                    Ok(count) => {
                        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                        kept.extend_from_slice(&room[..count]);
                    }
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // What came before a failure is told all the same.
                    Err(_) => break,
                }
            }
        });
        Errors { bytes, reader: Some(reader) }
    }

    fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// All of it, once there is no more to come.
    fn end(&mut self) -> String {
        let reader = self.reader.take().expect("a run ends once");
        reader.join().expect("reading stderr does not panic");
        self.text()
    }
}

fn send(signal: &str, pid: u32) {
    // The shell's own `kill` is there wherever a shell is.
    let sent = Command::new("sh").args(["-c", &format!("kill -s {signal} {pid}")]).status();
    assert!(sent.is_ok_and(|status| status.success()), "cannot send SIG{signal}");
}

/// Kills a process that does not end; the sender's end calls it off.
fn watch(pid: u32) -> Sender<()> {
    let (sender, over) = mpsc::channel();
    std::thread::spawn(move || {
        if over.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            send("KILL", pid);
        }
    });
    sender
}
