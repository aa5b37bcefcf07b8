//! Ways to log in, and sessions that end.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use super::{DATA, Desk, code, desk, json, login, site, text};
use crate::site::{Reply, Site};

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../singer-http/tests/keys/pkcs8.pem");
/// The server's time.
const SECONDS: u64 = 1_793_534_400;
const CREDENTIALS: &str =
    "--client-id ci --client-secret cs --username ada@a.example --password pwtok";

fn token(site: &Site, form: &str) -> Reply {
    site.send("POST", "/services/oauth2/token", &[], form)
}

fn refused(site: &Site, form: &str) -> (u16, String) {
    let reply = token(site, form);
    let body = reply.json();
    assert!(body["error_description"].is_string(), "{body}");
    (reply.status, body["error"].as_str().unwrap().to_owned())
}

fn jwt(claims: &Value) -> String {
    let pem = std::fs::read_to_string(KEY).unwrap();
    let packed: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(packed).unwrap()).unwrap();
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn bearer(assertion: &str) -> String {
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    format!("grant_type={grant}&assertion={assertion}")
}

#[test]
fn a_token_tells_where_to_go_with_it_and_not_when_it_ends() {
    let site = site("--base-path /sf");
    let reply = site.post("/sf/services/oauth2/token", "grant_type=client_credentials");
    let origin = format!("http://{}/sf", site.host());
    assert_eq!(reply["instance_url"], origin);
    assert_eq!(reply["token_type"], "Bearer");
    assert_eq!(reply["issued_at"], (SECONDS * 1_000).to_string());
    assert!(reply["id"].as_str().unwrap().starts_with(&format!("{origin}/id/00D")));
    assert!(reply["signature"].is_string());
    assert!(reply.get("expires_in").is_none() && reply.get("refresh_token").is_none());
    let header = format!("Bearer {}", reply["access_token"].as_str().unwrap());
    let limits = format!("/sf{DATA}/limits");
    assert_eq!(site.send("GET", &limits, &[("authorization", &header)], "").status, 200);
    assert_eq!(code(&site.get(&limits)), (401, "INVALID_SESSION_ID".to_owned()));
}

#[test]
fn who_is_accepted_is_as_the_options_say() {
    let site = site(CREDENTIALS);
    let client = "client_id=ci&client_secret=cs";
    for (form, expected) in [
        (format!("grant_type=client_credentials&{client}"), None),
        (
            "grant_type=client_credentials&client_id=x&client_secret=cs".into(),
            Some("invalid_client_id"),
        ),
        (
            "grant_type=client_credentials&client_id=ci&client_secret=x".into(),
            Some("invalid_client"),
        ),
        (format!("grant_type=password&{client}&username=ada%40a.example&password=pwtok"), None),
        (
            format!("grant_type=password&{client}&username=ada%40a.example&password=pw"),
            Some("invalid_grant"),
        ),
        (format!("grant_type=refresh_token&{client}&refresh_token=any"), None),
        (format!("grant_type=refresh_token&{client}"), Some("invalid_grant")),
        (format!("grant_type=wish&{client}"), Some("unsupported_grant_type")),
    ] {
        match expected {
            None => assert_eq!(token(&site, &form).status, 200, "{form}"),
            Some(error) => assert_eq!(refused(&site, &form), (400, error.to_owned()), "{form}"),
        }
    }
    let header = format!("Basic {}", STANDARD.encode("ci:cs"));
    let headers = [("authorization", header.as_str())];
    let form = "grant_type=client_credentials";
    assert_eq!(site.send("POST", "/services/oauth2/token", &headers, form).status, 200);
}

#[test]
fn an_assertion_needs_its_claims_and_the_signature_of_the_key() {
    let site = site(&format!("{CREDENTIALS} --jwt-key {KEY}"));
    let good = json!({"iss": "ci", "sub": "ada@a.example", "aud": "https://login.salesforce.com",
        "exp": SECONDS + 180});
    assert_eq!(token(&site, &bearer(&jwt(&good))).status, 200);
    for (claim, value, error) in [
        ("iss", json!("x"), "invalid_client_id"),
        ("sub", json!("x"), "invalid_grant"),
        ("sub", Value::Null, "invalid_grant"),
        ("aud", json!(""), "invalid_grant"),
        ("exp", json!(SECONDS), "invalid_grant"),
        ("exp", json!(SECONDS + 3_600), "invalid_grant"),
    ] {
        let mut claims = good.clone();
        claims[claim] = value;
        assert_eq!(refused(&site, &bearer(&jwt(&claims))).1, error, "{claims}");
    }
    let forged = format!("{}AA", &jwt(&good)[..jwt(&good).len() - 2]);
    assert_eq!(refused(&site, &bearer(&forged)).1, "invalid_grant");
    assert_eq!(refused(&site, &bearer("a.b")).1, "invalid_grant");
}

#[test]
fn a_refresh_token_is_replaced_by_each_use_if_it_rotates() {
    let site = site("--rotate --refresh-token first");
    let form = |token: &str| format!("grant_type=refresh_token&refresh_token={token}");
    let second = token(&site, &form("first")).json()["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(refused(&site, &form("first")), (400, "invalid_grant".to_owned()));
    assert_eq!(refused(&site, &form("invented")), (400, "invalid_grant".to_owned()));
    let third = token(&site, &form(&second)).json()["refresh_token"].clone();
    assert_ne!(third, second);
}

#[test]
fn a_user_logs_in_by_soap() {
    let site = site(CREDENTIALS);
    let soap = |password: &str| {
        let body = format!(
            "<?xml version=\"1.0\"?><env:Envelope xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\">\
             <env:Body><n1:login xmlns:n1=\"urn:partner.soap.sforce.com\"><n1:username>ada@a.example\
             </n1:username><n1:password>{password}</n1:password></n1:login></env:Body></env:Envelope>"
        );
        site.send("POST", "/services/Soap/u/59.0", &[("soapaction", "login")], &body)
    };
    let reply = soap("pwtok");
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/xml; charset=utf-8"))
    );
    let reply = text(&reply);
    let server = format!("<serverUrl>http://{}/services/Soap/u/59.0/00D", site.host());
    assert!(reply.contains(&server), "{reply}");
    let (_, session) = reply.split_once("<sessionId>").unwrap();
    let session = session.split('<').next().unwrap().to_owned();
    let desk = Desk { site, session };
    assert_eq!(desk.get("/limits").status, 200);
    let site = &desk.site;
    let wrong = site.send("POST", "/services/Soap/u/59.0", &[], "<username>x</username>");
    assert_eq!(wrong.status, 500);
    assert!(text(&wrong).contains("<faultcode>sf:INVALID_LOGIN</faultcode>"));
}

#[test]
fn a_session_ends_after_requests_and_seconds() {
    let ended = (401, "INVALID_SESSION_ID".to_owned());
    let desk = desk("--session-requests 2 --session-seconds 60");
    assert_eq!([desk.get("/limits").status, desk.get("/sobjects").status], [200, 200]);
    assert_eq!(code(&desk.get("/limits")), ended);
    let desk = Desk { session: login(&desk.site), ..desk };
    assert_eq!(desk.get("/limits").status, 200);
    desk.site.post("/_mock/clock?advance=60", "");
    assert_eq!(code(&desk.get("/limits")), ended);
}

#[test]
fn the_admin_ends_all_sessions_now_or_later() {
    let desk = desk("");
    desk.site.post("/_mock/expire?after=2", "");
    let statuses: Vec<u16> = (0..3).map(|_| desk.get("/limits").status).collect();
    assert_eq!(statuses, [200, 200, 401]);
    let desk = Desk { session: login(&desk.site), ..desk };
    assert_eq!(desk.get("/limits").status, 200);
    desk.site.post("/_mock/expire", "");
    assert_eq!(desk.get("/limits").status, 401);
}

#[test]
fn jobs_say_in_their_own_words_that_a_session_has_ended() {
    for (shape, pointer) in [("", "/0/errorCode"), ("=object", "/exceptionCode")] {
        let desk = desk(&format!("--session-400{shape} --session-requests 0"));
        let refused = desk.get("/jobs/query/x/results");
        assert_eq!(refused.status, 400);
        assert_eq!(json(&refused).pointer(pointer), Some(&json!("InvalidSessionId")));
        assert_eq!(code(&desk.get("/limits")), (401, "INVALID_SESSION_ID".to_owned()));
    }
}
