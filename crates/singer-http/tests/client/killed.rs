//! Processes that die between the grant of a refresh token and its safekeeping.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use singer_http::{ClientAuth, Env, Grant, OAuth, Rules, Secrets, TokenStore};

use super::*;

/// The variable that tells a test to be the process that dies: the store, and when.
const VICTIM: &str = "SINGER_HTTP_VICTIM";
const GRANTS: &str = r#"{"access_token": "granted", "refresh_token": "second"}"#;

/// Ends the process when it is told the secret of this number: the configured token, before
/// anything is written; the granted one; its successor, which is about to be written.
struct Killer {
    at: u32,
    told: AtomicU32,
}

impl Secrets for Killer {
    fn learn(&self, _: &str) {
        if self.told.fetch_add(1, SeqCst) + 1 == self.at {
            std::process::abort();
        }
    }
}

/// A run that sends one request, and the refresh tokens that it used.
async fn run(store: &Path, killed_at: u32, login: Reply) -> (Result<(), Error>, Vec<String>) {
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let transport = ScriptedTransport::new(&clock, [login, Reply::json("[]")]);
    let secrets = Arc::new(Killer { at: killed_at, told: AtomicU32::new(0) });
    let tokens = Some(TokenStore::at(store));
    let env = Env { secrets, tokens, ..env(&transport, &clock) };
    let endpoint = Url::parse("https://login.example/token").unwrap();
    let grant = Grant::refresh_token(endpoint, ClientAuth::public("app"), "first".into());
    let auth = OAuth::new("refresh_token", grant.unwrap()).unwrap();
    let base = Url::parse(BASE).unwrap();
    let spec = ClientSpec::new(base, Arc::new(auth), Rules::PLAIN);
    let sent = Client::new(spec, env).unwrap().send(&get()).await.map(drop);
    let forms = transport.sent().into_iter().filter_map(|sent| sent.body);
    let form = |form: singer_http::Bytes| String::from_utf8(form.to_vec()).unwrap();
    let token = |form: String| form.split("refresh_token=").last().unwrap().to_owned();
    (sent, forms.map(form).map(token).collect())
}

/// Runs the victim in a process of its own; whether a signal ended it.
fn killed(test: &str, store: &Path, at: u32) -> bool {
    let victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(VICTIM, format!("{at}:{}", store.display()))
        .output()
        .unwrap();
    victim.status.code().is_none()
}

struct Store(PathBuf);

impl Store {
    fn new(name: &str) -> Self {
        let folder = format!("singer-http-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(folder).join("tokens.json"))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

#[tokio::test]
async fn after_a_kill_between_grant_and_store_the_next_run_logs_in_or_says_why_not() {
    const SELF: &str =
        "killed::after_a_kill_between_grant_and_store_the_next_run_logs_in_or_says_why_not";
    if let Ok(victim) = std::env::var(VICTIM) {
        let (at, store) = victim.split_once(':').unwrap();
        run(Path::new(store), at.parse().unwrap(), Reply::json(GRANTS)).await.0.unwrap();
        return;
    }
    let refused = || Reply::status(400).body(r#"{"error": "invalid_grant"}"#);
    // Whether a renewal was begun when the process died.
    for (at, begun) in [(1, false), (2, true), (3, true)] {
        let store = Store::new(&format!("killed-{at}"));
        assert!(killed(SELF, &store.0, at));
        // A server that used the token up: the run says what became of it, however often it is run.
        for _ in 0..2 {
            let (sent, used) = run(&store.0, 0, refused()).await;
            let error = sent.unwrap_err();
            assert_eq!((error.id(), error.exit().code()), ("AUTH01", 3));
            let told = error.to_string().contains("a renewal begun at 2026-11-24 16:00:00 UTC");
            assert!(told == begun && error.to_string().contains("log in anew"), "{error}");
            assert_eq!(used, ["first"]);
        }
        // One that bears with a token that was used once before: the run logs in, and so does the next.
        let (sent, used) = run(&store.0, 0, Reply::json(GRANTS)).await;
        assert_eq!((sent.is_ok(), used), (true, vec!["first".to_owned()]));
        let (sent, used) = run(&store.0, 0, refused()).await;
        assert!(!sent.unwrap_err().to_string().contains("renewal begun"));
        assert_eq!(used, ["second"]);
    }
    let store = Store::new("killed-never");
    assert!(!killed(SELF, &store.0, 0));
    assert_eq!(run(&store.0, 0, Reply::json(GRANTS)).await.1, ["second"]);
}
