//! The refresh token of one credential, between and during runs.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::granting::World;
use crate::error::Error;

const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Knows which refresh token is to be used, and keeps the one that takes its place.
pub(super) struct Vault {
    label: Arc<str>,
    configured: SecretString,
    /// The newest, where there is no store.
    newest: Mutex<Option<SecretString>>,
    told: AtomicBool,
}

/// A refresh token that is about to be used.
pub(super) struct Opened {
    pub(super) token: SecretString,
    /// When an earlier renewal began of which the end is not known.
    pub(super) lost: Option<DateTime<Utc>>,
}

impl Vault {
    pub(super) fn new(label: Arc<str>, configured: SecretString) -> Self {
        Self { label, configured, newest: Mutex::default(), told: AtomicBool::new(false) }
    }

    /// The token to use. That a renewal begins is written down first: it proves that its result
    /// can be written too, and tells the next run what happened if this one ends in between.
    pub(super) async fn open(&self, world: &World) -> Result<Opened, Error> {
        let Some(store) = &world.env.tokens else {
            let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let token = newest.unwrap_or_else(|| self.configured.clone());
            return Ok(Opened { token, lost: None });
        };
        store.lock(&*world.env.clock).await?;
        let mut kept = store.load(&self.label, &self.configured)?;
        let (token, lost) = (kept.token(&self.configured), kept.pending_since);
        world.env.secrets.learn(token.expose_secret());
        kept.pending_since = Some(lost.unwrap_or_else(|| world.now()));
        store.save(&self.label, kept)?;
        Ok(Opened { token, lost })
    }

    /// The token of a process that has renewed it meanwhile, if there is one.
    pub(super) fn other_than(
        &self,
        used: &SecretString,
        world: &World,
    ) -> Result<Option<SecretString>, Error> {
        let Some(store) = &world.env.tokens else { return Ok(None) };
        let token = store.load(&self.label, &self.configured)?.token(&self.configured);
        world.env.secrets.learn(token.expose_secret());
        Ok((token.expose_secret() != used.expose_secret()).then_some(token))
    }

    /// Keeps the token that takes the place of the used one, before anything of its grant is used.
    pub(super) async fn keep(&self, token: &SecretString, world: &World) -> Result<(), Error> {
        let label = &self.label;
        let Some(store) = &world.env.tokens else {
            *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
            if !self.told.swap(true, SeqCst) {
                tracing::error!(
                    "[AUTH05] the server replaced the refresh token of `{label}`, and nothing keeps \
                     the new one: the next run cannot log in; set `token_store` to the path of a \
                     file, and configure a new refresh token"
                );
            }
            return Ok(());
        };
        for failed in 1.. {
            let kept = store.load(label, &self.configured);
            let kept = kept.map(|kept| kept.replaced_by(token).settled());
            match kept.and_then(|kept| store.save(label, kept)) {
                Err(_) if failed < TRIES => world.env.clock.sleep(PAUSE).await,
                Err(error) => {
                    tracing::error!(
                        "[AUTH03] the refresh token of `{label}` is used up and its successor is \
                         lost: log in anew before the next run"
                    );
                    return Err(error);
                }
                Ok(()) => break,
            }
        }
        Ok(())
    }

    /// The renewal is over, and the used token is still the one.
    pub(super) fn settle(&self, world: &World) -> Result<(), Error> {
        let Some(store) = &world.env.tokens else { return Ok(()) };
        let kept = store.load(&self.label, &self.configured)?;
        store.save(&self.label, kept.settled())
    }
}
