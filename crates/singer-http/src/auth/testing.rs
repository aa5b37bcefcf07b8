//! What the tests of credentials share.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method};
use url::Url;

use super::{Ask, Authenticator};
use crate::env::{Env, Secrets};
use crate::testing::{ManualClock, Reply, ScriptedTransport, env};
use crate::transport::Outgoing;

pub(crate) const NOON: &str = "2026-11-24T12:00:00Z";

/// Writes down the secrets that it is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learnt(Arc<Mutex<Vec<String>>>);

impl Learnt {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Secrets for Learnt {
    fn learn(&self, secret: &str) {
        self.0.lock().unwrap().push(secret.to_owned());
    }
}

/// A world in which nothing answers.
pub(crate) fn nowhere() -> Env {
    let clock = ManualClock::at(NOON);
    env(&ScriptedTransport::new(&clock, Vec::<Reply>::new()), &clock)
}

/// A request as `auth` signs it.
pub(crate) async fn sent(auth: &dyn Authenticator) -> Outgoing {
    let env = nowhere();
    let url = Url::parse("https://api.example/x").unwrap();
    let mut sent = Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: None };
    let signature = auth.sign(&Ask::of("core", &env)).await.unwrap();
    signature.unwrap().apply(&mut sent);
    assert!(sent.headers.values().all(http::HeaderValue::is_sensitive));
    sent
}

/// What `auth` tells of secrets when it signs for the first time in another run.
pub(crate) async fn learnt(auth: &dyn Authenticator) -> Vec<String> {
    let learnt = Learnt::default();
    let env = Env { secrets: Arc::new(learnt.clone()), ..nowhere() };
    auth.sign(&Ask::of("core", &env)).await.unwrap();
    learnt.all()
}
