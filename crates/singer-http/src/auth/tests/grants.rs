use http::{HeaderValue, header};
use secrecy::ExposeSecret as _;

use super::*;
use crate::auth::testing::grants;
use crate::auth::{Ask, Authenticator as _, Fields, Granted, Jwt, Lifetime, OAuth};
use crate::testing::Reply;

const KEY: &str = include_str!("../../../tests/keys/pkcs8.pem");

fn jwt() -> Jwt {
    Jwt::rs256("private_key", &KEY.into()).unwrap().issuer("42")
}

/// What is sent to the endpoint: its `authorization`, and its body.
async fn sent(grant: Grant, reply: Reply) -> (String, String) {
    let login = Login::new([reply]);
    let auth = OAuth::new("login", grant).unwrap();
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer t1");
    let sent = &login.transport.sent()[0];
    assert_eq!((sent.method.as_str(), sent.url.as_str()), ("POST", ENDPOINT));
    assert_eq!(sent.header("user-agent"), concat!("singer-http/", env!("CARGO_PKG_VERSION")));
    assert_eq!(sent.body.is_some(), !sent.header("content-type").is_empty());
    (sent.header("authorization").to_owned(), login.bodies().remove(0))
}

#[tokio::test]
async fn each_grant_asks_as_its_rfc_says() {
    let check = async |grant: Grant, authorization: &str, body: &str| {
        let (header, sent) = sent(grant, grants("t1", None)).await;
        assert_eq!((&*header, &*sent), (authorization, body));
    };
    let form = "client_id=app&client_secret=s3cret";
    let client = "grant_type=client_credentials";
    check(repeatable().param("scope", "a b"), "", &format!("{client}&scope=a+b&{form}")).await;
    // `a:b` and `p%w` in base64, form-encoded first.
    let basic = Grant::client_credentials(endpoint(), ClientAuth::basic("a:b", "p%w".into()));
    check(basic.unwrap(), "Basic YSUzQWI6cCUyNXc=", client).await;
    let body = format!("grant_type=refresh_token&{form}&refresh_token={FIRST}");
    check(rotating(), "", &body).await;
    let public = Grant::refresh_token(endpoint(), ClientAuth::public("app"), "r".into()).unwrap();
    check(public, "", "grant_type=refresh_token&client_id=app&refresh_token=r").await;
    let password = Grant::password(endpoint(), app(), "me@x", "p&w".into()).unwrap();
    check(password, "", &format!("grant_type=password&username=me%40x&password=p%26w&{form}"))
        .await;
}

#[tokio::test]
async fn a_jwt_is_an_assertion_or_signs_the_question_itself() {
    let now = crate::auth::testing::NOON.parse().unwrap();
    let token = jwt().at(now, &crate::auth::testing::nowhere()).unwrap();
    let token = token.expose_secret();
    let grant = Grant::jwt_bearer(endpoint(), jwt()).unwrap();
    let (header, body) = sent(grant, grants("t1", None)).await;
    let kind = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    assert_eq!((&*header, body), ("", format!("{kind}&assertion={token}")));
    let fields =
        Fields { token: "/token", lifetime: Lifetime::Until("/expires_at"), ..Fields::OAUTH };
    let grant = Grant::signed_by(endpoint(), jwt()).unwrap().fields(fields);
    let reply = Reply::status(201).body(r#"{"token": "t1", "expires_at": "2026-11-24T13:00:00Z"}"#);
    let (header, body) = sent(grant, reply).await;
    assert_eq!((header, &*body), (format!("Bearer {token}"), ""));
}

#[tokio::test]
async fn a_jwt_tells_the_servers_time_not_ours() {
    let login = Login::new([grants("t1", None)]);
    let auth = OAuth::new("login", Grant::jwt_bearer(endpoint(), jwt()).unwrap()).unwrap();
    let now = "2026-11-24T16:00:00Z".parse().unwrap();
    auth.sign(&Ask { now, ..Ask::of("core", &login.env) }).await.unwrap();
    let token = jwt().at(now, &login.env).unwrap();
    assert!(login.bodies()[0].ends_with(token.expose_secret()), "{:?}", login.bodies());
}

#[tokio::test]
async fn a_login_of_another_kind_brings_its_body_and_its_reader() {
    fn read(body: &[u8]) -> Result<Granted, String> {
        let text = std::str::from_utf8(body).map_err(|_| "no text".to_owned())?;
        let token = text.strip_prefix("<id>").ok_or_else(|| "no `id`".to_owned())?;
        Ok(Granted::token(token.into()))
    }
    let grant = || {
        let kind = HeaderValue::from_static("text/xml");
        Grant::login(endpoint(), kind, "<login>pw</login>".into(), read).unwrap()
    };
    let (_, body) = sent(grant(), Reply::status(200).body("<id>t1")).await;
    assert_eq!(body, "<login>pw</login>");
    let login = Login::new([Reply::status(200).body("<no>")]);
    let auth = OAuth::new("login", grant()).unwrap();
    let error = login.sign(&auth).await.unwrap_err();
    assert_eq!(error.id(), "AUTH02");
    assert!(error.to_string().contains("no `id`"), "{error}");
    assert_eq!(login.transport.sent()[0].header("content-type"), "text/xml");
}

#[tokio::test]
async fn a_token_is_sent_where_the_api_wants_it() {
    let login = Login::new([grants("t1", None), grants("t1", None)]);
    let auth = || OAuth::new("login", repeatable()).unwrap();
    assert_eq!(
        login.sign(&auth().in_header(header::AUTHORIZATION, "token")).await.unwrap(),
        "token t1"
    );
    assert_eq!(login.sign(&auth().in_header(header::COOKIE, "")).await.unwrap(), "t1");
}

#[tokio::test]
async fn a_credential_serves_whom_it_was_made_for() {
    let login = Login::new([]);
    let check = |auth: &OAuth, audience, want| {
        let ask = Ask { audience, ..Ask::of("core", &login.env) };
        assert_eq!(auth.serves(&ask), want, "{audience:?}");
    };
    let auth = OAuth::new("login", repeatable()).unwrap();
    check(&auth, None, true);
    check(&auth, Some("acme"), true);
    let auth = auth.serving(["Acme".to_owned()]).owned_by("app 7");
    check(&auth, None, false);
    check(&auth, Some("acme"), true);
    check(&auth, Some("other"), false);
    assert_eq!((&*auth.label(), &*auth.identity()), ("login", "app 7"));
}

#[tokio::test]
async fn the_answer_may_tell_where_the_api_is() {
    let told =
        |base: &str| Reply::json(format!(r#"{{"access_token": "t1", "instance_url": "{base}"}}"#));
    let check = async |grant: Grant, base: &str| {
        let login = Login::new([told(base)]);
        let auth = OAuth::new("login", grant).unwrap();
        let base = auth.base(&Ask::of("core", &login.env)).await;
        base.map(|base| base.map(|url| url.to_string()))
    };
    const HOSTS: &[&str] = &["crm.example"];
    let found = check(repeatable().instances(HOSTS), "https://na1.crm.example").await.unwrap();
    assert_eq!(found.as_deref(), Some("https://na1.crm.example/"));
    assert_eq!(check(repeatable(), "https://na1.crm.example").await.unwrap(), None);
    let error = check(repeatable().instances(HOSTS), "https://evil.example/t1").await.unwrap_err();
    assert_eq!(error.id(), "AUTH02");
    assert!(!error.to_string().contains("t1"), "{error}");
}

#[test]
fn a_grant_goes_to_https_or_stays_on_this_computer_and_shows_nothing() {
    let check = |endpoint: &str, allowed: bool| {
        let grant = Grant::client_credentials(Url::parse(endpoint).unwrap(), app());
        assert_eq!(grant.is_ok(), allowed, "{endpoint}");
    };
    check("https://login.example/token", true);
    check("http://127.0.0.1:8080/token", true);
    check("http://login.example/token", false);
    check("https://me:pw@login.example/token", false);
    check("https://login.example/token?secret=1", false);
    let grant = repeatable().secret_param("x", "s3cret".into());
    let client = ClientAuth::basic("app", "s3cret".into());
    let shown = format!("{grant:?} {client:?} {:?}", OAuth::new("login", rotating()).unwrap());
    assert_eq!(shown, format!("Grant({ENDPOINT}) ClientAuth(app) OAuth(login)"));
    let bad = Grant::refresh_token(endpoint(), app(), "a\nb".into()).unwrap();
    assert_eq!(OAuth::new("login", bad).unwrap_err().id(), "CFG01");
}
