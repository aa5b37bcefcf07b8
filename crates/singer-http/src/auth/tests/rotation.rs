use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use super::*;
use crate::auth::testing::{Folder, grants, refuses};
use crate::auth::{OAuth, TokenStore};
use crate::clock::BoxFuture;
use crate::error::Exit;
use crate::spec::Deadlines;
use crate::testing::{Reply, ScriptedTransport, captured};
use crate::transport::{Incoming, Outgoing, Transport, TransportError};

fn auth() -> OAuth {
    OAuth::new("login", rotating()).unwrap()
}

/// Runs that share a store.
struct Runs {
    folder: Folder,
    begun: AtomicU64,
}

impl Runs {
    fn new() -> Self {
        Self { folder: Folder::new(), begun: AtomicU64::new(0) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("tokens.json")
    }

    /// A login server, and the store.
    fn login(&self, replies: impl IntoIterator<Item = Reply>) -> Login {
        let mut login = Login::new(replies);
        login.env.tokens = Some(TokenStore::at(self.path()));
        login
    }

    /// A run of its own, an hour after the last one, which asks for a token once: the refresh tokens that it used, and how it
    /// ended.
    async fn run(&self, replies: impl IntoIterator<Item = Reply>) -> (Vec<String>, String) {
        let login = self.login(replies);
        login.clock.advance(Duration::from_secs(3600 * self.begun.fetch_add(1, SeqCst)));
        let ended = match login.sign(&auth()).await {
            Ok(signed) => signed,
            Err(error) => format!("{} {error}", error.id()),
        };
        (used_by(&login), ended)
    }
}

/// Something that happens while an answer is on its way: that number `at`, or each.
struct Meddling<F> {
    inner: ScriptedTransport,
    at: Option<usize>,
    meddle: F,
}

impl<F: Fn() + Send + Sync> Transport for Meddling<F> {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        deadlines: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        if self.at.is_none_or(|at| at == self.inner.sent().len()) {
            (self.meddle)();
        }
        self.inner.send(request, deadlines)
    }
}

fn meddling(login: &mut Login, at: Option<usize>, meddle: impl Fn() + Send + Sync + 'static) {
    let inner = login.transport.clone();
    login.env.transport = Arc::new(Meddling { inner, at, meddle });
}

fn swap(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).expect("a store");
    fs::write(path, text.replace(old, new)).expect("a store that can be written");
}

fn used_by(login: &Login) -> Vec<String> {
    let token = |body: String| body.split("refresh_token=").last().unwrap().to_owned();
    login.bodies().into_iter().map(token).collect()
}

#[tokio::test]
async fn each_run_goes_on_with_the_token_that_the_last_one_was_given() {
    let runs = Runs::new();
    let (used, ended) = runs.run([grants("a", Some("second"))]).await;
    assert_eq!((used, &*ended), (vec![FIRST.to_owned()], "Bearer a"));
    assert_eq!(runs.run([grants("b", Some("third"))]).await.0, ["second"]);
    assert_eq!(runs.run([grants("c", None)]).await.0, ["third"]);
    assert_eq!(runs.run([grants("d", Some("third"))]).await.0, ["third"]);
    let (used, ended) = runs.run([refuses("invalid_grant")]).await;
    assert_eq!(used, ["third"]);
    assert!(ended.starts_with("AUTH01") && !ended.contains("renewal begun"), "{ended}");
}

#[tokio::test]
async fn within_a_run_each_renewal_uses_the_newest_token() {
    let runs = Runs::new();
    let login = runs.login([grants("a", Some("second")), grants("b", Some("third"))]);
    let auth = auth();
    for want in ["Bearer a", "Bearer b"] {
        assert_eq!(login.sign(&auth).await.unwrap(), want);
        login.clock.advance(Duration::from_secs(3600));
    }
    assert_eq!(used_by(&login), [FIRST, "second"]);
}

#[tokio::test]
async fn without_a_store_the_loss_is_told_once_and_the_run_goes_on() {
    let replies = [grants("a", Some("second")), grants("b", Some("third")), grants("c", None)];
    let login = Login::new(replies);
    let auth = OAuth::new("login", rotating()).unwrap();
    let log = captured(async {
        for _ in 0..3 {
            login.sign(&auth).await.unwrap();
            login.clock.advance(Duration::from_secs(3600));
        }
    })
    .await;
    assert_eq!(used_by(&login), [FIRST, "second", "third"]);
    assert!(log.starts_with("ERROR [AUTH05]") && log.contains("`token_store`"), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_found_before_the_token_is_spent() {
    let runs = Runs::new();
    fs::create_dir(runs.path()).unwrap();
    let login = runs.login([]);
    let error = login.sign(&auth()).await.unwrap_err();
    assert_eq!((error.id(), error.exit()), ("AUTH03", Exit::LocalIo));
    assert!(login.bodies().is_empty());
    assert!(error.to_string().contains("tokens.json"), "{error}");
}

#[tokio::test]
async fn a_new_token_that_cannot_be_kept_ends_the_run_loudly() {
    let runs = Runs::new();
    let auth = auth();
    let mut login = runs.login([grants("a", Some("second")), grants("b", Some("third"))]);
    // Between the probe and the write.
    let helper = runs.folder.path().join("tokens.json.new");
    meddling(&mut login, Some(1), move || fs::create_dir_all(helper.join("in the way")).unwrap());
    login.sign(&auth).await.unwrap();
    let log = captured(async {
        login.clock.advance(Duration::from_secs(3600));
        let error = login.sign(&auth).await.unwrap_err();
        assert_eq!((error.id(), error.exit()), ("AUTH03", Exit::LocalIo));
    })
    .await;
    assert!(log.starts_with("ERROR [AUTH03]") && log.contains("log in anew"), "{log}");
    assert!(!log.contains("third"), "{log}");
    assert_eq!(login.clock.waits(), [Duration::from_secs(1); 2], "it was tried three times");
    assert_eq!(login.sign(&auth).await.unwrap_err().id(), "AUTH03", "and no more is asked");
}

#[tokio::test]
async fn a_token_that_another_process_renewed_is_read_again_once() {
    let runs = Runs::new();
    runs.run([grants("a", Some("second"))]).await;
    let check = async |reply: Reply, then: Reply| {
        let auth = auth();
        let mut login = runs.login([reply, then]);
        let path = runs.path();
        meddling(&mut login, Some(0), move || swap(&path, "second", "theirs"));
        let signed = login.sign(&auth).await;
        swap(&runs.path(), "theirs", "second");
        (used_by(&login), signed.map_err(|error| error.id()))
    };
    let (used, signed) = check(refuses("invalid_grant"), grants("b", None)).await;
    assert_eq!((used, signed), (vec!["second".into(), "theirs".into()], Ok("Bearer b".into())));
    let (used, signed) = check(Reply::status(500), grants("b", None)).await;
    assert_eq!((used, signed), (vec!["second".into(), "theirs".into()], Ok("Bearer b".into())));
    let (used, signed) = check(refuses("invalid_grant"), refuses("invalid_grant")).await;
    assert_eq!((used.len(), signed), (2, Err("AUTH01")));
    // A store that changes all the time is not followed for ever.
    let mut login = runs.login([refuses("invalid_grant"), refuses("invalid_grant")]);
    let (path, transport) = (runs.path(), login.transport.clone());
    let next = move || {
        let n = transport.sent().len();
        let name = |n| if n == 0 { "second".to_owned() } else { format!("theirs-{n}") };
        swap(&path, &name(n), &name(n + 1));
    };
    meddling(&mut login, None, next);
    assert_eq!(login.sign(&auth()).await.unwrap_err().id(), "AUTH01");
    assert_eq!(used_by(&login), ["second", "theirs-1"]);
}

#[tokio::test]
async fn a_renewal_that_was_broken_off_explains_the_refusal_that_follows() {
    let runs = Runs::new();
    // Twice no answer: the token may be used up.
    let lost = || [Reply::broken(crate::transport::Break::Reset), Reply::status(502)];
    assert!(runs.run(lost()).await.1.starts_with("AUTH04"));
    let (_, ended) = runs.run([refuses("invalid_grant")]).await;
    assert!(ended.contains("renewal begun at 2026-11-24 12:00:00 UTC"), "{ended}");
    let (_, again) = runs.run([refuses("invalid_grant")]).await;
    assert_eq!(again, ended, "the reason stays");
    // Where it was not used up after all, all is well again.
    assert_eq!(runs.run([grants("a", None)]).await.1, "Bearer a");
    let (_, ended) = runs.run([refuses("invalid_grant")]).await;
    assert!(!ended.contains("renewal begun"), "{ended}");
    // Nothing was sent, so nothing is unclear.
    let unsent = vec![Reply::broken(crate::transport::Break::Dns); 4];
    assert!(runs.run(unsent).await.1.starts_with("NET01"));
    let (_, ended) = runs.run([refuses("invalid_grant")]).await;
    assert!(!ended.contains("renewal begun"), "{ended}");
    // Lost and refused in the same run.
    let (_, ended) = runs.run([Reply::status(502), refuses("invalid_grant")]).await;
    assert!(ended.contains("renewal begun"), "{ended}");
}
