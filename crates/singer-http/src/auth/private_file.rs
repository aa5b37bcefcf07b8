//! Files that nobody else may read, replaced whole and durably.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// No store of tokens is as large.
const MOST: u64 = 1 << 20;

/// The text of a file; none if there is none. A symbolic link is not followed.
pub(super) fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match private(OpenOptions::new().read(true)).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => regular(opened?)?,
    };
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// Opens a file to lock it; it is made if there is none, and so is its folder.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    let folder = folder(path);
    make_folder(folder)?;
    only_ours(folder)?;
    let options = &mut OpenOptions::new();
    regular(private(options.write(true).create(true).truncate(false)).open(path)?)
}

/// Opens a file to write to its end; it is made if there is none, and nobody else may read it.
///
/// # Errors
/// A symbolic link, a folder, a pipe or a device is refused, and so is a folder in which everybody
/// may rename files.
pub fn append(path: &Path) -> io::Result<File> {
    only_ours(folder(path))?;
    let options = &mut OpenOptions::new();
    let file = regular(private(options.read(true).append(true).create(true)).open(path)?)?;
    // One that was there keeps its mode.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Puts `text` in the place of a file, or leaves the file as it was: when this returns, the new
/// file survives a crash of the system. Needs the lock, for its helper has a fixed name.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = beside(path, "new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&new)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written.and_then(|()| fs::rename(&new, path)) {
        // What cannot be removed is overwritten the next time.
        let _ = fs::remove_file(&new);
        return Err(error);
    }
    sync_folder(folder(path))
}

/// `path` with another ending after its own.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"))
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    // Without waiting for the other end, should it be a pipe.
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Where everybody may rename files, anybody could put a store of his in place of ours.
#[cfg(unix)]
fn only_ours(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = fs::metadata(folder)?.mode();
    if mode & 0o002 != 0 && mode & 0o1000 == 0 {
        let rule = "everybody may write in its folder: take that right away, or choose another";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, rule));
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_ours(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::auth::testing::Folder;

    fn mode(path: &Path) -> u32 {
        let metadata = fs::metadata(path).expect("a file that a test made");
        metadata.permissions().mode() & 0o7777
    }

    #[test]
    fn files_and_folders_are_ours_alone_and_are_replaced_whole() {
        let folder = Folder::new();
        let path = folder.path().join("a/b/tokens.json");
        assert_eq!(read(&path).unwrap(), None);
        open_lock(&beside(&path, "lock")).unwrap();
        for text in ["a longer first text", "second"] {
            replace(&path, text).unwrap();
            assert_eq!(read(&path).unwrap().as_deref(), Some(text));
        }
        assert_eq!((mode(&path), mode(&beside(&path, "lock"))), (0o600, 0o600));
        assert_eq!(
            (mode(&path.with_file_name("")), mode(&folder.path().join("a"))),
            (0o700, 0o700)
        );
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2, "no helper is left");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, "third").unwrap();
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_file_that_is_appended_to_keeps_what_it_has_and_is_ours_alone() {
        let folder = Folder::new();
        let path = folder.path().join("lines");
        append(&path).unwrap().write_all(b"one\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        append(&path).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        assert_eq!(mode(&path), 0o600);
        symlink(&path, folder.path().join("link")).unwrap();
        for refused in [&*folder.path().join("link"), folder.path(), Path::new("/dev/null")] {
            assert!(append(refused).is_err(), "{}", refused.display());
        }
        assert!(append(&folder.path().join("no/folder")).is_err());
    }

    #[test]
    fn a_helper_that_a_crash_left_is_no_obstacle() {
        let folder = Folder::new();
        let path = folder.path().join("tokens.json");
        fs::write(beside(&path, "new"), "half of").unwrap();
        replace(&path, "whole").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("whole"));
    }

    #[test]
    fn links_pipes_folders_and_open_folders_are_refused() {
        let folder = Folder::new();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("target"), "theirs").unwrap();
        for name in ["link", "link.lock", "link.new"] {
            symlink(at("target"), at(name)).unwrap();
        }
        assert!(read(&at("link")).is_err());
        assert!(open_lock(&at("link.lock")).is_err());
        replace(&at("link"), "ours").unwrap();
        assert_eq!(fs::read_to_string(at("target")).unwrap(), "theirs", "no link was followed");
        assert!(read(folder.path()).is_err());
        fs::create_dir(at("open")).unwrap();
        fs::set_permissions(at("open"), fs::Permissions::from_mode(0o777)).unwrap();
        let error = open_lock(&at("open/lock")).unwrap_err();
        assert!(error.to_string().contains("everybody"), "{error}");
        fs::set_permissions(at("open"), fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(open_lock(&at("open/lock")).is_ok());
    }

    #[test]
    fn a_file_that_cannot_be_written_stays_as_it_was() {
        let folder = Folder::new();
        let path = folder.path().join("tokens.json");
        replace(&path, "first").unwrap();
        fs::create_dir_all(beside(&path, "new").join("in the way")).unwrap();
        assert!(replace(&path, "second").is_err());
        assert_eq!(read(&path).unwrap().as_deref(), Some("first"));
    }
}
