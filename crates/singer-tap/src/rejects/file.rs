//! Rejected records in a file instead of a stream: JSON lines that nobody else may read.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// So many bytes a run are borne; more is a fault that somebody has to look at.
const MOST: u64 = 1 << 30;

/// The file that takes rejected records.
#[derive(Debug)]
pub(crate) struct RejectsFile {
    path: PathBuf,
    file: File,
    /// Bytes that may still be written.
    room: u64,
    is_dirty: bool,
}

impl RejectsFile {
    /// Opens the file, which is made if there is none.
    ///
    /// # Errors
    /// [`Error::RejectsFile`] if it cannot be written, or is no file of ours.
    pub(crate) fn open(path: &Path) -> Result<RejectsFile, Error> {
        let open = || {
            let mut file = singer_http::append_private(path)?;
            end_line(&mut file)?;
            Ok(file)
        };
        let file = open().map_err(|source| refuse(path, source))?;
        Ok(RejectsFile { path: path.to_owned(), file, room: MOST, is_dirty: false })
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// [`Error::RejectsFile`]; then a part may have been written.
    pub(crate) fn write(&mut self, lines: &str) -> Result<(), Error> {
        let full = || io::Error::other("a run rejects at most 1 GiB");
        let room = self.room.checked_sub(lines.len() as u64).ok_or_else(full);
        self.is_dirty = true;
        room.and_then(|room| {
            self.room = room;
            self.file.write_all(lines.as_bytes())
        })
        .map_err(|source| refuse(&self.path, source))
    }

    /// Makes sure that everything written survives a crash of the system.
    ///
    /// # Errors
    /// [`Error::RejectsFile`].
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        if self.is_dirty {
            self.file.sync_data().map_err(|source| refuse(&self.path, source))?;
            self.is_dirty = false;
        }
        Ok(())
    }
}

/// A run that was killed may have left half a line.
fn end_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

fn refuse(path: &Path, source: io::Error) -> Error {
    Error::RejectsFile { path: path.to_owned(), source }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicU32, Ordering};

    use serde_json::{Value, json};
    use singer_http::testing::Reply;

    use super::*;
    use crate::outcome::Outcome;
    use crate::testing::{Ran, stream, sync_with};

    /// A path in the system's folder for temporary files that no other test has.
    fn path() -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        std::env::temp_dir().join(format!("singer-tap-rejects-{}-{next}", std::process::id()))
    }

    #[test]
    fn lines_go_to_the_end_of_what_is_there_and_half_a_line_is_ended() {
        let path = path();
        for (before, after) in [("", "{}\n"), ("{}\n", "{}\n{}\n"), ("{\"a", "{\"a\n{}\n")] {
            fs::write(&path, before).unwrap();
            let mut file = RejectsFile::open(&path).unwrap();
            file.write("{}\n").unwrap();
            file.sync().unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
        }
        fs::remove_file(&path).unwrap();
    }

    async fn read(rejects: &Path) -> Ran {
        let list = stream("things").get("/things");
        let replies = vec![Reply::json(r#"[{"id":null,"name":"x"},{"id":1}]"#)];
        let settings = json!({"rejects": format!("file:{}", rejects.display())});
        sync_with(settings, vec![list], json!({}), replies).await
    }

    #[tokio::test]
    async fn rejected_records_are_in_the_file_and_in_no_stream() {
        let path = path();
        let ran = read(&path).await;
        assert_eq!((ran.outcome, ran.column("things", "id")), (Outcome::Partial, vec![json!(1)]));
        assert!(ran.messages.iter().all(|message| message["stream"] != "tap_test_rejects"));
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 1);
        assert_eq!((&lines[0]["stream"], &lines[0]["pointer"]), (&json!("things"), &json!("/id")));
        fs::remove_file(&path).unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_where_rejects_could_not_be() {
        let ran = read(Path::new("/")).await;
        assert_eq!((ran.outcome, ran.messages.len()), (Outcome::LocalIo, 0));
    }

    #[test]
    fn what_cannot_be_written_is_told_and_ends_the_run() {
        let path = path();
        fs::write(&path, "").unwrap();
        let file = File::open(&path).unwrap();
        let mut unwritable = RejectsFile { path: path.clone(), file, room: 3, is_dirty: false };
        for lines in ["{}\n", "{\"a\":1}\n"] {
            let error = unwritable.write(lines).unwrap_err();
            assert_eq!((error.id(), error.outcome()), ("OUT03", Outcome::LocalIo));
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
        fs::remove_file(&path).unwrap();
        for refused in ["/dev/stdout", "/dev/stderr", "/dev/null", "/proc/self/fd/1", "/"] {
            let error = RejectsFile::open(Path::new(refused)).unwrap_err();
            assert_eq!(error.id(), "OUT03", "{refused}");
        }
    }
}
