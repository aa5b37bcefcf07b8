//! Who signs, and when.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use singer_http::testing::{Reply, captured};
use singer_http::{
    Anonymous, Ask, Authenticator, BoxFuture, ClientAuth, Exit, Grant, OAuth, Scope, Signature,
};

use super::*;

/// Numbers its signatures, and its credentials by how often they were replaced.
#[derive(Default)]
struct Numbered {
    signed: AtomicU32,
    refreshed: AtomicU32,
    broken: bool,
}

impl Authenticator for Numbered {
    fn label(&self) -> Arc<str> {
        "app 7".into()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let signed = self.signed.fetch_add(1, SeqCst);
        let value = format!("Bearer {TOKEN}-{}-{signed}", self.refreshed.load(SeqCst));
        let header = singer_http::HeaderName::from_static("authorization");
        let signature = Signature::header(header, value.parse().unwrap());
        Box::pin(async { Ok(Some(signature)) })
    }

    fn can_refresh(&self) -> bool {
        true
    }

    fn refresh<'a>(&'a self, _: &'a Signature, _: &'a Ask<'a>) -> BoxFuture<'a, Result<(), Error>> {
        self.refreshed.fetch_add(1, SeqCst);
        let broken = self.broken;
        Box::pin(async move {
            if broken { Err(Error::no_credential("app 7", "revoked\u{1b}")) } else { Ok(()) }
        })
    }
}

fn signed_by(auth: Arc<dyn Authenticator>, replies: Vec<Reply>) -> Scene {
    scene_with(replies, |spec| spec.auth = vec![auth])
}

#[tokio::test]
async fn every_request_is_signed_when_it_is_sent() {
    let spent = Reply::status(429).header("retry-after", "60");
    let replies = vec![Reply::status(503), spent, Reply::json("[]")];
    let scene = signed_by(Arc::new(Numbered::default()), replies);
    scene.page().await;
    let tokens: Vec<_> =
        scene.transport.sent().iter().map(|sent| sent.header("authorization").to_owned()).collect();
    let bearer = |n| format!("Bearer {TOKEN}-0-{n}");
    // None is made before the wait for the limit.
    assert_eq!(tokens, [bearer(0), bearer(1), bearer(2)]);
    assert!(scene.transport.sent()[0].headers["authorization"].is_sensitive());
}

#[tokio::test]
async fn a_rejected_credential_is_replaced_once() {
    let replies = || vec![Reply::status(401), Reply::json("[]")];
    let auth = Arc::new(Numbered::default());
    let scene = signed_by(auth.clone(), replies());
    scene.page().await;
    assert_eq!(auth.refreshed.load(SeqCst), 1);
    let scene =
        signed_by(Arc::new(Numbered::default()), vec![Reply::status(401), Reply::status(401)]);
    let error = scene.error("AUTH01").await;
    assert_eq!((error.scope(), error.exit()), (Scope::Run, Exit::Auth));
    assert!(error.to_string().contains("`app 7`"), "{error}");
    let broken = Arc::new(Numbered { broken: true, ..Numbered::default() });
    let error = signed_by(broken, vec![Reply::status(401)]).error("AUTH02").await;
    assert!(error.to_string().contains(r"revoked\u{1b}"), "{error}");
}

#[tokio::test]
async fn a_fixed_token_that_is_rejected_ends_the_run_without_another_request() {
    let scene = scene([Reply::status(401)]);
    scene.error("AUTH01").await;
    assert_eq!(scene.requests(), 1);
}

#[test]
fn a_user_agent_that_would_break_the_head_is_refused() {
    let mut spec =
        ClientSpec::new(Url::parse(BASE).unwrap(), Arc::new(Anonymous), singer_http::Rules::PLAIN);
    spec.user_agent = "tap\r\nx: y".to_owned();
    let error = Client::new(spec, singer_http::Env::real()).unwrap_err();
    assert_eq!((error.id(), error.exit()), ("CFG01", Exit::Usage));
    assert!(error.to_string().starts_with("the setting `user_agent` cannot be used"), "{error}");
}

/// Serves one audience.
struct Local(&'static str);

impl Authenticator for Local {
    fn label(&self) -> Arc<str> {
        format!("app of {}", self.0).into()
    }

    fn serves(&self, ask: &Ask<'_>) -> bool {
        ask.audience == Some(self.0)
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let key = format!("{TOKEN}-{}", self.0);
        Box::pin(async { Ok(Some(Signature::query("api_key", key.into()))) })
    }
}

#[tokio::test]
async fn a_request_is_signed_by_a_credential_that_serves_it() {
    let pool: Vec<Arc<dyn Authenticator>> = vec![Arc::new(Local("one")), Arc::new(Local("two"))];
    let scene = scene_with([Reply::json("[]"), Reply::status(401)], |spec| spec.auth = pool);
    let mut request = get();
    request.audience = Some("two".to_owned());
    let page = scene.send(&request).await.unwrap();
    let sent = &scene.transport.sent()[0];
    assert_eq!(sent.url.query(), Some(&*format!("q={QUERY}&api_key={TOKEN}-two")));
    assert_eq!(page.url, request.url, "the answer's URL is unsigned");
    let log = captured(async {
        for audience in ["two", "three"] {
            request.audience = Some(audience.to_owned());
            let error = scene.send(&request).await.unwrap_err();
            assert_eq!((error.id(), error.scope()), ("PERM06", Scope::Partition), "{error}");
            assert!(error.to_string().contains(&format!("reaches `{audience}`")), "{error}");
        }
    })
    .await;
    assert_eq!(scene.requests(), 2);
    let told = "WARN [AUTH01] `https://api.example/repos/a/b/issues` rejected the credential \
                `app of two` (status 401) · going on with 1 of 2 credentials\n";
    assert_eq!(log, told);
}

#[tokio::test]
async fn a_client_moves_to_where_its_credential_is_told_that_the_api_is() {
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let granted = r#"{"access_token": "t1", "instance_url": "https://na1.crm.example"}"#;
    let transport = ScriptedTransport::new(&clock, [Reply::json(granted), Reply::json("[]")]);
    let login = Url::parse("https://login.crm.example/token").unwrap();
    let app = ClientAuth::public("app");
    let grant = Grant::client_credentials(login.clone(), app).unwrap().instances(&["crm.example"]);
    let auth = OAuth::new("app", grant).unwrap();
    let spec = ClientSpec::new(login, Arc::new(auth), singer_http::Rules::PLAIN);
    let client = Client::new(spec, env(&transport, &clock)).unwrap().located().await.unwrap();
    let url = client.base().join("/deals").unwrap();
    client.send(&Request::get(url.clone())).await.unwrap();
    assert_eq!(transport.sent()[1].url, url);
    assert_eq!(url.as_str(), "https://na1.crm.example/deals");
    let foreign = Request::get(Url::parse("https://na2.crm.example/deals").unwrap());
    assert_eq!(client.send(&foreign).await.unwrap_err().id(), "SEC01");
}

#[tokio::test]
async fn a_client_whose_credential_knows_no_address_stays_and_asks_nothing() {
    let scene = signed_by(Arc::new(Anonymous), vec![]);
    let client = scene.client.clone().located().await.unwrap();
    assert_eq!((client.base().as_str(), scene.requests()), ("https://api.example/", 0));
}

#[tokio::test]
async fn anonymous_requests_carry_no_credential() {
    let scene = signed_by(Arc::new(Anonymous), vec![Reply::json("[]"), Reply::status(401)]);
    scene.page().await;
    assert!(!scene.transport.sent()[0].headers.contains_key("authorization"));
    let error = scene.error("AUTH01").await;
    assert!(error.to_string().contains("`anonymous`"), "{error}");
}

/// Takes ten seconds for each of its first signatures, as if it asked a server for a token.
struct Slow {
    clock: ManualClock,
    signed: AtomicU32,
    slow: u32,
}

impl Authenticator for Slow {
    fn label(&self) -> Arc<str> {
        "slow".into()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        if self.signed.fetch_add(1, SeqCst) < self.slow {
            self.clock.advance(secs(10));
        }
        Box::pin(async { Ok(None) })
    }
}

#[tokio::test]
async fn a_signature_that_took_time_gives_its_turn_back_once() {
    let check = async |slow, signed: u32, at: u64| {
        let clock = ManualClock::at("2026-11-24T16:00:00Z");
        let transport = ScriptedTransport::new(&clock, [Reply::json("[]")]);
        let auth = Arc::new(Slow { clock: clock.clone(), signed: AtomicU32::new(0), slow });
        let mut spec = ClientSpec::new(Url::parse(BASE).unwrap(), auth.clone(), RULES);
        spec.most_per_second = Some(0.05);
        let client = Client::new(spec, env(&transport, &clock)).unwrap();
        client.send(&get()).await.unwrap();
        assert_eq!(
            (auth.signed.load(SeqCst), transport.sent()[0].at),
            (signed, secs(at)),
            "{slow}"
        );
    };
    check(0, 1, 0).await;
    // The turn of the start is gone: the next comes after 20 s.
    check(1, 2, 20).await;
    check(9, 2, 30).await;
}
