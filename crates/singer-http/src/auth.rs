//! Who we are to the API, decided anew each time a request is sent.

mod anonymous;
mod api_key;
mod basic;
mod bearer;
mod grant;
mod granted;
mod granting;
mod instance;
mod jwt;
mod key;
mod oauth;
mod private_file;
mod renewal;
mod signature;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;
mod vault;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use crate::clock::BoxFuture;
use crate::env::Env;
use crate::error::Error;
use crate::spec::{Deadlines, USER_AGENT};

pub use anonymous::Anonymous;
pub use api_key::ApiKey;
pub use basic::Basic;
pub use bearer::Bearer;
pub use grant::{ClientAuth, Grant};
pub use granted::{Fields, Granted, Lifetime};
pub use jwt::Jwt;
pub use oauth::OAuth;
pub use private_file::append as append_private;
pub use signature::Signature;
pub use store::TokenStore;

/// One credential, which signs requests. Asked for each request and each retry, so that no page
/// goes out with a token that expired while an earlier one was waited for.
///
/// A client has a pool of them, usually of one.
pub trait Authenticator: Send + Sync {
    /// What messages call the credential, such as `auth_token`. Never a part of the secret.
    fn label(&self) -> Arc<str>;

    /// Whose the credential is: limits are kept by it, so that two tokens of one user share theirs.
    fn identity(&self) -> Arc<str> {
        self.label()
    }

    /// Whether the credential can be used for such a request, as far as is known without sending
    /// one: some reach one account only.
    fn serves(&self, _ask: &Ask<'_>) -> bool {
        true
    }

    /// The signature for a request that is about to be sent; none for anonymous access.
    ///
    /// # Errors
    /// If the credential cannot be used, see [`Error::no_credential`].
    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>>;

    /// Where the API is, for a credential that is told so with its token.
    ///
    /// # Errors
    /// If the credential cannot be used.
    fn base<'a>(&'a self, _ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Url>, Error>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Whether [`Authenticator::refresh`] can do something about a rejected signature.
    fn can_refresh(&self) -> bool {
        false
    }

    /// Replaces what is behind `stale`, unless another task has done so meanwhile.
    ///
    /// # Errors
    /// If no new one could be had.
    fn refresh<'a>(
        &'a self,
        _stale: &'a Signature,
        _ask: &'a Ask<'a>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Waits for the end of a renewal that is under way, so that what the server has replaced is kept
    /// when a process ends.
    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// What a signature is for, and what there is to make one with.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Ask<'a> {
    /// The quota pool that the request draws from.
    pub resource: &'a str,
    /// Whom the request is about, such as an organisation, where that decides who may ask.
    pub audience: Option<&'a str>,
    /// The client's transport, clock and so on.
    pub env: &'a Env,
    /// The time at the server, as far as it is known.
    pub now: DateTime<Utc>,
    /// How long the parts of an exchange may take.
    pub deadlines: &'a Deadlines,
    /// The client's `user-agent` header.
    pub user_agent: &'a str,
}

impl<'a> Ask<'a> {
    /// A signature for a request that draws from `resource`, now.
    pub fn of(resource: &'a str, env: &'a Env) -> Self {
        let now = env.clock.now();
        Self {
            resource,
            audience: None,
            env,
            now,
            deadlines: &Deadlines::DEFAULT,
            user_agent: USER_AGENT,
        }
    }
}

impl std::fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { resource, audience, now, .. } = self;
        write!(f, "Ask({resource}, {audience:?}, {now})")
    }
}
