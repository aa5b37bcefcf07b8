//! The one writer of a tap's output.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;
use serde_json::Value;

use crate::message::{activate_version_line, schema_line, state_line};

/// Why nothing more can be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The reader has gone: a quiet end, as when a pipe is cut on purpose.
    #[error("the output is closed (its reader has gone)")]
    Closed,
    /// The output failed otherwise, for example because a disk is full.
    #[error("{0}")]
    Io(io::Error),
}

/// Writes messages as whole lines.
///
/// Every message and every batch is one write. A STATE is written only after all before it was
/// flushed, and is flushed itself, so that a reader never sees a STATE ahead of its records.
/// After a failure nothing is written any more, since a line may have been cut.
#[derive(Debug)]
pub struct MessageWriter<W: Write> {
    output: W,
    failed: bool,
}

impl<W: Write> MessageWriter<W> {
    /// A writer to `output`, which this writer alone must write to.
    pub fn new(output: W) -> MessageWriter<W> {
        MessageWriter { output, failed: false }
    }

    /// Writes a SCHEMA message.
    ///
    /// # Errors
    /// [`WriteError`], as all writes.
    pub fn schema<S: AsRef<str> + Serialize>(
        &mut self,
        stream: &str,
        schema: &Value,
        key_properties: &[S],
        bookmark_properties: &[S],
    ) -> Result<(), WriteError> {
        self.write(&schema_line(stream, schema, key_properties, bookmark_properties))
    }

    /// Writes RECORD lines that were framed and ended already.
    ///
    /// # Errors
    /// [`WriteError`], as all writes.
    pub fn batch(&mut self, lines: &[u8]) -> Result<(), WriteError> {
        debug_assert!(lines.last().is_none_or(|byte| *byte == b'\n'), "a batch ends with its line");
        self.write(lines)
    }

    /// Writes an ACTIVATE_VERSION message.
    ///
    /// # Errors
    /// [`WriteError`], as all writes.
    pub fn activate_version(&mut self, stream: &str, version: i64) -> Result<(), WriteError> {
        self.write(&activate_version_line(stream, version))
    }

    /// Writes a STATE message between two flushes; returns the length of its line.
    ///
    /// # Errors
    /// [`WriteError`], as all writes.
    pub fn state(&mut self, value: &Value) -> Result<usize, WriteError> {
        let line = state_line(value);
        self.flush()?;
        self.write(&line)?;
        self.flush()?;
        Ok(line.len())
    }

    /// Hands everything on that an output may hold back.
    ///
    /// # Errors
    /// [`WriteError`], as all writes.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        self.attempt(W::flush)
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), WriteError> {
        if lines.is_empty() { Ok(()) } else { self.attempt(|output| output.write_all(lines)) }
    }

    fn attempt(&mut self, act: impl FnOnce(&mut W) -> io::Result<()>) -> Result<(), WriteError> {
        if self.failed {
            return Err(WriteError::Closed);
        }
        act(&mut self.output).map_err(|error| {
            self.failed = true;
            match error.kind() {
                ErrorKind::BrokenPipe | ErrorKind::WriteZero => WriteError::Closed,
                _ => WriteError::Io(error),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// An output that notes its calls and fails from a given call on.
    #[derive(Default)]
    struct Recorder {
        calls: Vec<String>,
        fail_at: Option<(usize, ErrorKind)>,
    }

    impl Recorder {
        fn call(&mut self, call: String) -> io::Result<()> {
            let failure = self.fail_at.filter(|(at, _)| self.calls.len() >= *at);
            self.calls.push(call);
            failure.map_or(Ok(()), |(_, kind)| Err(kind.into()))
        }
    }

    impl Write for Recorder {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.call(String::from_utf8_lossy(bytes).into_owned())?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.call("flush".to_owned())
        }
    }

    #[test]
    fn every_message_is_one_write_and_a_state_stands_between_flushes() {
        let mut writer = MessageWriter::new(Recorder::default());
        writer.schema("s", &json!({"a": 1}), &["id"], &[]).unwrap();
        writer.batch(b"{\"a\":1}\n{\"a\":2}\n").unwrap();
        writer.batch(b"").unwrap();
        writer.activate_version("s", 1).unwrap();
        writer.state(&json!({"bookmarks": {}})).unwrap();
        assert_eq!(
            writer.output.calls,
            [
                "{\"type\":\"SCHEMA\",\"stream\":\"s\",\"schema\":{\"a\":1},\"key_properties\":[\"id\"]}\n",
                "{\"a\":1}\n{\"a\":2}\n",
                "{\"type\":\"ACTIVATE_VERSION\",\"stream\":\"s\",\"version\":1}\n",
                "flush",
                "{\"type\":\"STATE\",\"value\":{\"bookmarks\":{}}}\n",
                "flush",
            ]
        );
    }

    fn check(kind: ErrorKind, closed: bool) {
        for fail_at in 0..4 {
            let recorder = Recorder { fail_at: Some((fail_at, kind)), ..Recorder::default() };
            let mut writer = MessageWriter::new(recorder);
            let result = writer.batch(b"{}\n").and_then(|()| writer.state(&json!({})));
            let error = result.unwrap_err();
            assert_eq!(matches!(error, WriteError::Closed), closed, "{kind:?} {error}");
            assert!(matches!(writer.batch(b"{}\n"), Err(WriteError::Closed)));
            let calls = writer.output.calls;
            assert_eq!(calls.len(), fail_at + 1, "nothing is written after a failure: {calls:?}");
        }
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_failures_and_ends_the_writing() {
        check(ErrorKind::BrokenPipe, true);
        check(ErrorKind::WriteZero, true);
        check(ErrorKind::StorageFull, false);
        check(ErrorKind::PermissionDenied, false);
    }
}
