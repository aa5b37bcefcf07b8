//! No credential.

use std::sync::Arc;

use super::{Ask, Authenticator, Signature};
use crate::clock::BoxFuture;
use crate::error::Error;

/// No credential at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Anonymous;

impl Authenticator for Anonymous {
    fn label(&self) -> Arc<str> {
        "anonymous".into()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
