//! A credential whose token expires.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderName, header};
use secrecy::SecretString;
use tokio::sync::watch;
use url::Url;

use super::grant::Grant;
use super::granted::Granted;
use super::granting::World;
use super::renewal::Renewal;
use super::{Ask, Authenticator, Signature, token};
use crate::clock::BoxFuture;
use crate::error::{Error, Exit};

/// A token that is granted when it is first needed, renewed before it expires, and once
/// when it is refused. However many requests wait for it, it is asked for once; nobody's leaving
/// stops that.
pub struct OAuth {
    shared: Arc<Shared>,
    identity: Arc<str>,
    audiences: Option<Vec<String>>,
    place: (HeaderName, &'static str),
}

struct Shared {
    label: Arc<str>,
    renewal: Renewal,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    access: Option<Access>,
    renewing: Option<watch::Receiver<Outcome>>,
    /// Why there will be no other.
    over: Option<Error>,
}

/// None until it is known.
type Outcome = Option<Result<Access, Error>>;

/// A token in use.
#[derive(Clone)]
struct Access {
    edition: u64,
    token: SecretString,
    base: Option<Url>,
    /// When to ask for the next, on the client's clock; if unknown, when it is refused.
    until: Option<Duration>,
}

impl OAuth {
    /// A credential by `grant`; `label` is what messages call it, and the name under which
    /// [`Env::tokens`](crate::Env::tokens) keeps its refresh token. Without such a store, a refresh
    /// token that the server replaces is lost with the end of the run, which is told as an error.
    ///
    /// # Errors
    /// If the grant's refresh token cannot be sent.
    pub fn new(label: &str, grant: Grant) -> Result<Self, Error> {
        let label: Arc<str> = label.into();
        let renewal = Renewal::new(label.clone(), grant)?;
        Ok(Self {
            identity: label.clone(),
            shared: Arc::new(Shared { label, renewal, state: Mutex::default() }),
            audiences: None,
            place: (header::AUTHORIZATION, "Bearer"),
        })
    }

    /// Whose the credential is, where several share one set of limits.
    #[must_use]
    pub fn owned_by(self, identity: &str) -> Self {
        Self { identity: identity.into(), ..self }
    }

    /// The credential reaches these only, such as the one organisation of an installation.
    #[must_use]
    pub fn serving(self, audiences: impl IntoIterator<Item = String>) -> Self {
        Self { audiences: Some(audiences.into_iter().collect()), ..self }
    }

    /// The token goes into the header `name` after the word `scheme`, instead of `authorization`
    /// after `Bearer`. The word may be empty.
    #[must_use]
    pub fn in_header(self, name: HeaderName, scheme: &'static str) -> Self {
        Self { place: (name, scheme), ..self }
    }
}

impl Authenticator for OAuth {
    fn label(&self) -> Arc<str> {
        self.shared.label.clone()
    }

    fn identity(&self) -> Arc<str> {
        self.identity.clone()
    }

    fn serves(&self, ask: &Ask<'_>) -> bool {
        match (&self.audiences, ask.audience) {
            (Some(known), Some(whom)) => known.iter().any(|name| name.eq_ignore_ascii_case(whom)),
            (Some(_), None) => false,
            (None, _) => true,
        }
    }

    fn base<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Url>, Error>> {
        Box::pin(async {
            if !self.shared.renewal.tells_base() {
                return Ok(None);
            }
            Ok(self.shared.access(ask, None).await?.base)
        })
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        Box::pin(async {
            let Access { edition, token, .. } = self.shared.access(ask, None).await?;
            let (name, scheme) = self.place.clone();
            let value = token::header(&self.shared.label, scheme, &token)?;
            Ok(Some(Signature::header(name, value).of_edition(edition)))
        })
    }

    fn can_refresh(&self) -> bool {
        true
    }

    fn refresh<'a>(
        &'a self,
        stale: &'a Signature,
        ask: &'a Ask<'a>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { self.shared.access(ask, Some(stale.edition())).await.map(drop) })
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        let renewing = self.shared.state().renewing.clone();
        Box::pin(async {
            if let Some(mut renewing) = renewing {
                // One that was broken off is at its end as well.
                let _ = renewing.wait_for(Option::is_some).await;
            }
        })
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token that is good at this moment and is not the `stale` edition.
    async fn access(self: &Arc<Self>, ask: &Ask<'_>, stale: Option<u64>) -> Result<Access, Error> {
        let mut renewing = {
            let mut state = self.state();
            let now = ask.env.clock.elapsed();
            match &state.access {
                Some(access) if access.is_good(now, stale) => return Ok(access.clone()),
                _ => {}
            }
            if let Some(error) = &state.over {
                return Err(error.clone());
            }
            match &state.renewing {
                Some(renewing) => renewing.clone(),
                None => state.renewing.insert(self.renew(World::of(ask))).clone(),
            }
        };
        let outcome = renewing.wait_for(Option::is_some).await;
        let unknown = || Error::no_credential(&self.label, "its renewal was broken off");
        outcome.ok().and_then(|outcome| outcome.clone()).unwrap_or_else(|| Err(unknown()))
    }

    /// Renews the token in a task of its own: a request that is dropped while it waits must not
    /// take a refresh token with it that is used up already.
    fn renew(self: &Arc<Self>, world: World) -> watch::Receiver<Outcome> {
        let (tell, renewing) = watch::channel(None);
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            let begun = world.env.clock.elapsed();
            let granted = shared.renewal.run(&world).await;
            let outcome = shared.settle(granted, begun);
            // Nobody may be waiting any more.
            let _ = tell.send(Some(outcome));
        });
        renewing
    }

    fn settle(&self, granted: Result<Granted, Error>, begun: Duration) -> Result<Access, Error> {
        let mut state = self.state();
        state.renewing = None;
        match granted {
            Ok(Granted { token, expires_in, base, .. }) => {
                let until =
                    expires_in.map(|life| begun.saturating_add(self.renewal.used_for(life)));
                let edition = state.access.as_ref().map_or(0, |access| access.edition) + 1;
                Ok(state.access.insert(Access { edition, token, base, until }).clone())
            }
            Err(error) => {
                if error.exit() != Exit::Unavailable {
                    state.over = Some(error.clone());
                }
                Err(error)
            }
        }
    }
}

impl Access {
    fn is_good(&self, now: Duration, stale: Option<u64>) -> bool {
        stale != Some(self.edition) && self.until.is_none_or(|until| now < until)
    }
}

impl std::fmt::Debug for OAuth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OAuth({})", self.shared.label)
    }
}
