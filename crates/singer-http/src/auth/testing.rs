//! What the tests of credentials share.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method};
use url::Url;

use super::{Ask, Authenticator};
use crate::env::{Env, Secrets};
use crate::error::Error;
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

/// A folder that is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, SeqCst);
        let name = format!("singer-http-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A login server that answers from a script, and what is told of secrets meanwhile.
pub(crate) struct Login {
    pub(crate) clock: ManualClock,
    pub(crate) transport: ScriptedTransport,
    pub(crate) learnt: Learnt,
    pub(crate) env: Env,
}

impl Login {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let clock = ManualClock::at(NOON);
        let transport = ScriptedTransport::new(&clock, replies);
        let learnt = Learnt::default();
        let env = Env { secrets: Arc::new(learnt.clone()), ..env(&transport, &clock) };
        Self { clock, transport, learnt, env }
    }

    /// The header by which `auth` signs now.
    pub(crate) async fn sign(&self, auth: &dyn Authenticator) -> Result<String, Error> {
        let signature = auth.sign(&Ask::of("core", &self.env)).await?;
        let (method, headers) = (Method::GET, HeaderMap::new());
        let url = Url::parse("https://api.example/x").expect("a URL");
        let mut sent = Outgoing { method, url, headers, body: None };
        signature.expect("no anonymous access").apply(&mut sent);
        let (_, value) = sent.headers.iter().next().expect("a header");
        Ok(value.to_str().expect("ASCII").to_owned())
    }

    /// The bodies of the requests so far.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let text = |body: Option<bytes::Bytes>| {
            String::from_utf8(body.unwrap_or_default().to_vec()).expect("UTF-8")
        };
        self.transport.sent().into_iter().map(|sent| text(sent.body)).collect()
    }
}

/// An answer that grants `token` for an hour, and another refresh token if there is one.
pub(crate) fn grants(token: &str, refresh_token: Option<&str>) -> Reply {
    let mut answer = serde_json::json!({"access_token": token, "expires_in": 3600});
    if let Some(refresh_token) = refresh_token {
        answer["refresh_token"] = refresh_token.into();
    }
    Reply::json(answer.to_string())
}

pub(crate) fn refuses(code: &str) -> Reply {
    Reply::status(400).body(format!(r#"{{"error": "{code}"}}"#))
}
