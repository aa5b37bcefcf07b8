//! From the wish for a new token to the token.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::grant::{Grant, Means};
use super::granted::{Granted, Refusal};
use super::granting::{Failure, World, ask};
use super::token;
use super::vault::{Opened, Vault};
use crate::backoff::backoff;
use crate::error::Error;
use crate::kind::Kind;

const MOST_ATTEMPTS: u32 = 4;
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Renews the token of one credential, as often as it is asked to, one at a time.
pub(super) struct Renewal {
    label: Arc<str>,
    grant: Grant,
    vault: Option<Vault>,
}

/// How far a renewal has come.
struct Attempts {
    token: Option<SecretString>,
    lost: Option<DateTime<Utc>>,
    failed: u32,
    unclear: u32,
    reread: bool,
}

impl Renewal {
    /// # Errors
    /// If the grant's refresh token cannot be sent.
    pub(super) fn new(label: Arc<str>, grant: Grant) -> Result<Self, Error> {
        let vault = match &grant.means {
            Means::RefreshToken { configured, .. } => {
                let configured = token::checked(&label, configured.clone())?;
                Some(Vault::new(label.clone(), configured))
            }
            _ => None,
        };
        Ok(Self { label, grant, vault })
    }

    /// A new token. What the server replaces on the way is kept before this returns.
    pub(super) async fn run(&self, world: &World) -> Result<Granted, Error> {
        let opened = match &self.vault {
            Some(vault) => Some(vault.open(world).await?),
            None => None,
        };
        let (token, lost) =
            opened.map_or((None, None), |Opened { token, lost }| (Some(token), lost));
        let mut so_far = Attempts { token, lost, failed: 0, unclear: 0, reread: false };
        loop {
            match ask(&self.grant, &self.label, so_far.token.as_ref(), world).await {
                Ok(granted) => return self.keep(granted, &so_far, world).await,
                Err(failure) => self.go_on(failure, &mut so_far, world).await?,
            }
        }
    }

    async fn keep(
        &self,
        granted: Granted,
        so_far: &Attempts,
        world: &World,
    ) -> Result<Granted, Error> {
        world.env.secrets.learn(granted.token.expose_secret());
        let (Some(vault), Some(used)) = (&self.vault, &so_far.token) else { return Ok(granted) };
        let is_new = |token: &&SecretString| token.expose_secret() != used.expose_secret();
        match granted.refresh_token.as_ref().filter(is_new) {
            Some(token) => {
                world.env.secrets.learn(token.expose_secret());
                vault.keep(token, world).await?;
            }
            // With the token of another process in use, the store has it already.
            None => vault.settle(world)?,
        }
        Ok(granted)
    }

    /// Makes ready for one more attempt, or says why there will be none.
    async fn go_on(
        &self,
        failure: Failure,
        so_far: &mut Attempts,
        world: &World,
    ) -> Result<(), Error> {
        let is_unreachable = matches!(failure, Failure::Unreachable(_));
        let (cause, after) = match failure {
            Failure::Final(error) => return Err(self.settled(error, so_far, world)),
            Failure::Refused(Refusal { code, why }) => {
                if code == "invalid_grant" && !so_far.reread && self.reread(so_far, world)? {
                    so_far.reread = true;
                    return Ok(());
                }
                let began = (so_far.unclear > 0).then(|| world.now());
                let lost = so_far.lost.or(began);
                let error = self.error(Kind::GrantRefused { code, lost }).because(why);
                return Err(self.settled(error, so_far, world));
            }
            Failure::Undone { cause, after } => (cause, after),
            Failure::Unreachable(cause) => (cause, None),
            Failure::Unclear { cause } => {
                so_far.unclear += 1;
                if self.grant.rotates() {
                    self.reread(so_far, world)?;
                }
                (cause, None)
            }
        };
        so_far.failed += 1;
        let spent = self.grant.rotates() && so_far.unclear > 1;
        if spent || so_far.failed == MOST_ATTEMPTS {
            let kind =
                if is_unreachable { Kind::Unreachable(cause) } else { Kind::GrantFailed(cause) };
            return Err(self.settled(self.error(kind), so_far, world));
        }
        let own = || backoff(so_far.failed - 1, &*world.env.random);
        let wait = after.map_or_else(own, |after| after.min(LONGEST_PAUSE));
        let (label, millis) = (&self.label, wait.as_millis());
        tracing::info!("[AUTH04] no token for `{label}` ({cause}) · trying again in {millis} ms");
        world.env.clock.sleep(wait).await;
        Ok(())
    }

    /// Takes the token that another process left, if one did.
    fn reread(&self, so_far: &mut Attempts, world: &World) -> Result<bool, Error> {
        let (Some(vault), Some(used)) = (&self.vault, &so_far.token) else { return Ok(false) };
        let other = vault.other_than(used, world)?;
        let found = other.is_some();
        so_far.token = other.or_else(|| so_far.token.take());
        Ok(found)
    }

    /// The end of a renewal that used nothing up is no riddle for the next run.
    fn settled(&self, error: Error, so_far: &Attempts, world: &World) -> Error {
        match &self.vault {
            Some(vault) if so_far.lost.is_none() && so_far.unclear == 0 => {
                vault.settle(world).err().unwrap_or(error)
            }
            _ => error,
        }
    }

    /// How long of a life a token is used before the next is asked for.
    pub(super) fn used_for(&self, life: Duration) -> Duration {
        life - self.grant.early.min(life / 2)
    }

    /// Whether the answer may tell where the API is.
    pub(super) fn tells_base(&self) -> bool {
        self.grant.instances.is_some()
    }

    fn error(&self, kind: Kind) -> Error {
        Error::ungranted(kind, &self.grant.endpoint, &self.label)
    }
}
