//! GitHub Apps: tokens of the app, its installations, and their tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::site::{Reply, Site};

const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../singer-http/tests/keys/pkcs8.pem");
/// The server's time.
const NOW: u64 = 1_793_491_200;
const ISSUES: &str = "/repos/acme/widgets/issues?per_page=1";

fn site(arguments: &str) -> Site {
    Site::new(&format!("--date 2026-11-01T00:00:00Z {arguments}").replace("KEY", KEY))
}

fn jwt(claims: &Value) -> String {
    let text = std::fs::read_to_string(KEY).unwrap();
    let packed: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(packed).unwrap()).unwrap();
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn app() -> String {
    jwt(&json!({"iss": "7", "iat": NOW - 60, "exp": NOW + 500}))
}

fn send(site: &Site, method: &str, target: &str, token: &str) -> Reply {
    site.send(method, target, &[("authorization", &format!("Bearer {token}"))], "")
}

fn token(site: &Site, installation: &Value) -> String {
    let target = format!("/app/installations/{}/access_tokens", installation["id"]);
    let reply = send(site, "POST", &target, &app());
    assert_eq!(reply.status, 201);
    reply.json()["token"].as_str().unwrap().to_owned()
}

#[test]
fn an_app_signs_in_by_id_or_client_id_with_claims_that_hold() {
    let site = site("--app 7=KEY");
    let client_id = send(&site, "GET", "/app", &app()).json()["client_id"].clone();
    let good = json!({"iss": "7", "iat": NOW - 60, "exp": NOW + 500});
    for (name, value, status) in [
        ("iss", json!("7"), 200),
        ("iss", json!(7), 200),
        ("iss", client_id, 200),
        ("iss", json!("8"), 401),
        ("iat", json!(NOW + 300), 401),
        ("exp", json!(NOW - 1), 401),
        ("exp", json!(NOW + 700), 401),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        let reply = send(&site, "GET", "/app", &jwt(&claims));
        assert_eq!(reply.status, status, "{claims}");
    }
    let forged = app().replacen("ey", "eX", 1);
    assert_eq!(send(&site, "GET", "/app", &forged).status, 401);
    assert_eq!(send(&site, "GET", ISSUES, &app()).status, 401, "an app reads no data");
}

#[test]
fn an_app_is_installed_where_the_options_say() {
    let site = site("--repo a/x --repo b/y --app 7@a=KEY");
    let listed = send(&site, "GET", "/app/installations", &app()).json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["account"]["login"], "a");
    for (target, status) in [
        ("/orgs/a/installation", 200),
        ("/users/a/installation", 200),
        ("/repos/a/x/installation", 200),
        ("/orgs/b/installation", 404),
        ("/repos/b/y/installation", 404),
    ] {
        let reply = send(&site, "GET", target, &app());
        assert_eq!(reply.status, status, "{target}");
        assert!(status == 404 || reply.json() == listed[0]);
    }
}

#[test]
fn a_token_of_an_installation_reads_until_it_expires() {
    let site = site("--app 7=KEY --app-token-lifetime 600 --token personal");
    let installation = send(&site, "GET", "/orgs/acme/installation", &app()).json();
    let first = token(&site, &installation);
    assert_eq!(send(&site, "GET", ISSUES, &first).status, 200);
    assert_eq!(send(&site, "GET", ISSUES, "ghs_invented").status, 401);
    assert_eq!(send(&site, "GET", ISSUES, "personal").status, 200);
    site.post("/_mock/clock?advance=601", "");
    assert_eq!(send(&site, "GET", ISSUES, &first).status, 401);
}

#[test]
fn the_tokens_of_an_installation_share_a_quota() {
    let site = site("--app 7=KEY --quota 2");
    let installation = send(&site, "GET", "/orgs/acme/installation", &app()).json();
    let (first, second) = (token(&site, &installation), token(&site, &installation));
    assert_ne!(first, second);
    let left = |token: &str| {
        let reply = send(&site, "GET", ISSUES, token);
        reply.header("x-ratelimit-remaining").unwrap().to_owned()
    };
    assert_eq!([left(&first), left(&second)], ["1", "0"]);
    assert_eq!(send(&site, "GET", ISSUES, &first).status, 403);
}
