//! Where refresh tokens survive the run that was given them.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::private_file::{beside, open_lock, read, replace};
use crate::clock::Clock;
use crate::error::Error;
use crate::text;

const LAYOUT: u32 = 1;
/// How long another run may take to end.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

/// A file that keeps refresh tokens which the server replaces at each use, by the label of their
/// credential. Cheap to clone; clones are the same store.
///
/// The file is readable by its owner only, is replaced whole, and belongs to one run at a time: the
/// lock is the file beside it that ends in `.lock`, taken with the first use and kept until the
/// last clone is dropped.
#[derive(Clone)]
pub struct TokenStore(Arc<Shared>);

struct Shared {
    path: PathBuf,
    lock: tokio::sync::Mutex<Option<File>>,
    writing: Mutex<()>,
}

/// What is kept of one credential.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The digest of the configured token from which the kept one descends.
    from: String,
    /// The token that is to be used next; none while it is still the configured one.
    refresh_token: Option<String>,
    /// When a renewal began whose end is not known.
    pub(super) pending_since: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    tokens: BTreeMap<String, Kept>,
}

impl Kept {
    /// Of a credential that is used for the first time.
    fn of(configured: &SecretString) -> Self {
        Self { from: fingerprint(configured), ..Self::default() }
    }

    /// The token to use.
    pub(super) fn token(&self, configured: &SecretString) -> SecretString {
        self.refresh_token.as_ref().map_or_else(|| configured.clone(), |token| token.clone().into())
    }

    /// With the token that the server gave in place of the last.
    pub(super) fn replaced_by(self, token: &SecretString) -> Self {
        Self { refresh_token: Some(token.expose_secret().to_owned()), ..self }
    }

    /// With nothing pending.
    pub(super) fn settled(self) -> Self {
        Self { pending_since: None, ..self }
    }
}

impl TokenStore {
    /// The store in the file `path`, which is made when it is needed.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let (path, lock, writing) = (path.into(), tokio::sync::Mutex::default(), Mutex::default());
        Self(Arc::new(Shared { path, lock, writing }))
    }

    /// Takes the lock, unless it is already ours.
    pub(super) async fn lock(&self, clock: &dyn Clock) -> Result<(), Error> {
        let path = &self.0.path;
        let mut lock = self.0.lock.lock().await;
        if lock.is_some() {
            return Ok(());
        }
        let file =
            open_lock(&beside(path, "lock")).map_err(|error| self.broken("locked", error))?;
        let begun = clock.elapsed();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(self.broken("locked", error)),
                Err(TryLockError::WouldBlock) if clock.elapsed() - begun >= PATIENCE => {
                    return Err(Error::locked(&shown(path)));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            if clock.elapsed() == begun {
                let (path, most) = (shown(path), text::span(PATIENCE));
                tracing::warn!("[LOCK01] another run uses `{path}` · waiting {most} at most");
            }
            clock.sleep(PAUSE).await;
        }
        *lock = Some(file);
        Ok(())
    }

    /// What is kept of `name`, if it descends from the token that is configured now.
    pub(super) fn load(&self, name: &str, configured: &SecretString) -> Result<Kept, Error> {
        let kept = self.document()?.tokens.remove(name);
        let descends = |kept: &Kept| kept.from == fingerprint(configured);
        Ok(kept.filter(descends).unwrap_or_else(|| Kept::of(configured)))
    }

    /// Keeps it: once this returns, not even a crash of the system loses it.
    pub(super) fn save(&self, name: &str, kept: Kept) -> Result<(), Error> {
        let _one_at_a_time = self.0.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut document = self.document()?;
        document.tokens.insert(name.to_owned(), kept);
        let mut text = serde_json::to_string_pretty(&document)
            .map_err(|error| self.broken("written", error.into()))?;
        text.push('\n');
        replace(&self.0.path, &text).map_err(|error| self.broken("written", error))
    }

    fn document(&self) -> Result<Document, Error> {
        let text = read(&self.0.path).map_err(|error| self.broken("read", error))?;
        let Some(text) = text else {
            return Ok(Document { version: LAYOUT, tokens: BTreeMap::new() });
        };
        // The parser's words could quote a token.
        let document = serde_json::from_str::<Document>(&text);
        let refuse = |cause| Error::store(&shown(&self.0.path), "read", cause);
        let document = document.map_err(|_| refuse("it is no store of tokens"))?;
        if document.version > LAYOUT {
            return Err(refuse("it was written by a newer version"));
        }
        Ok(document)
    }

    fn broken(&self, done: &'static str, error: std::io::Error) -> Error {
        Error::store(&shown(&self.0.path), done, &error.to_string())
    }
}

impl std::fmt::Debug for TokenStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenStore({})", shown(&self.0.path))
    }
}

fn shown(path: &Path) -> String {
    text::clean(&path.to_string_lossy())
}

fn fingerprint(token: &SecretString) -> String {
    use std::fmt::Write as _;
    let digest = digest(&SHA256, token.expose_secret().as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::testing::{Folder, NOON};
    use crate::error::Exit;
    use crate::testing::ManualClock;

    fn token(text: &str) -> SecretString {
        text.into()
    }

    fn used(store: &TokenStore, name: &str, configured: &str) -> String {
        let kept = store.load(name, &token(configured)).unwrap();
        kept.token(&token(configured)).expose_secret().to_owned()
    }

    #[test]
    fn a_kept_token_wins_over_the_configured_one_from_which_it_descends() {
        let folder = Folder::new();
        let store = TokenStore::at(folder.path().join("tokens.json"));
        assert_eq!(used(&store, "a", "first"), "first");
        let kept = store.load("a", &token("first")).unwrap().replaced_by(&token("second"));
        store.save("a", kept).unwrap();
        assert_eq!(used(&store, "a", "first"), "second");
        assert_eq!(used(&store, "a", "brand new"), "brand new", "the user's change wins");
        assert_eq!(used(&store, "b", "first"), "first", "another credential's");
        let kept = store.load("a", &token("first")).unwrap().replaced_by(&token("third"));
        store.save("a", kept).unwrap();
        store.save("b", Kept::of(&token("x"))).unwrap();
        assert_eq!(used(&store, "a", "first"), "third");
    }

    #[tokio::test]
    async fn a_second_run_waits_for_the_first_and_gives_up_after_half_a_minute() {
        let (folder, clock) = (Folder::new(), ManualClock::at(NOON));
        let path = folder.path().join("tokens.json");
        let (first, second) = (TokenStore::at(&path), TokenStore::at(&path));
        first.lock(&clock).await.unwrap();
        first.lock(&clock).await.unwrap();
        let log = crate::testing::captured(async {
            let error = second.lock(&clock).await.unwrap_err();
            assert_eq!((error.id(), error.exit()), ("LOCK01", Exit::Usage), "{error}");
        })
        .await;
        assert_eq!(clock.waited(), PATIENCE);
        assert!(log.starts_with("WARN [LOCK01]") && log.lines().count() == 1, "{log}");
        drop(first);
        second.lock(&clock).await.unwrap();
        assert_eq!(clock.waited(), PATIENCE, "it was free at once");
    }

    #[test]
    fn a_file_that_is_no_store_is_left_alone_and_not_quoted() {
        let folder = Folder::new();
        let path = folder.path().join("tokens.json");
        let store = TokenStore::at(&path);
        let check = |text: &str, cause: &str| {
            std::fs::write(&path, text).unwrap();
            let error = store.save("a", Kept::default()).unwrap_err();
            assert_eq!((error.id(), error.exit()), ("AUTH03", Exit::LocalIo));
            let error = error.to_string();
            assert!(error.contains(cause) && !error.contains("sesame"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        };
        check("sesame", "no store of tokens");
        check(r#"{"version": "sesame"}"#, "no store of tokens");
        check(r#"{"version": 2, "tokens": {}}"#, "newer version");
        assert!(format!("{store:?}").starts_with("TokenStore(/"));
    }
}
