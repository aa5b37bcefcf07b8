//! Which requests a credential is used for.

use std::sync::Arc;

use singer_http::{Ask, Authenticator, BoxFuture, Error, Signature, Url};

/// The owners about whose repositories requests may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// This one, and nothing that is about none.
    Only(String),
    /// All but these, and what is about none.
    Except(Vec<String>),
}

impl Reach {
    fn holds(&self, owner: Option<&str>) -> bool {
        match (self, owner) {
            (Reach::Only(own), Some(owner)) => own.eq_ignore_ascii_case(owner),
            (Reach::Only(_), None) => false,
            (Reach::Except(others), Some(owner)) => {
                !others.iter().any(|other| other.eq_ignore_ascii_case(owner))
            }
            (Reach::Except(_), None) => true,
        }
    }
}

/// A credential that is used within its reach only.
pub(super) struct Reaching {
    pub(super) reach: Reach,
    pub(super) credential: Arc<dyn Authenticator>,
}

impl Authenticator for Reaching {
    fn serves(&self, ask: &Ask<'_>) -> bool {
        self.reach.holds(ask.audience) && self.credential.serves(ask)
    }

    fn label(&self) -> Arc<str> {
        self.credential.label()
    }

    fn identity(&self) -> Arc<str> {
        self.credential.identity()
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        self.credential.sign(ask)
    }

    fn base<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Url>, Error>> {
        self.credential.base(ask)
    }

    fn can_refresh(&self) -> bool {
        self.credential.can_refresh()
    }

    fn refresh<'a>(
        &'a self,
        stale: &'a Signature,
        ask: &'a Ask<'a>,
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.credential.refresh(stale, ask)
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        self.credential.settled()
    }
}
