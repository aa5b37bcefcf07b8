use std::sync::Arc;

use serde_json::{Value, json};
use singer_http::testing::{ManualClock, Reply, ScriptedTransport, Sent, env};
use singer_http::{Ask, Authenticator, Client, Error, Request};

use super::*;

const PEM: &str = include_str!("../../../../crates/singer-http/tests/keys/pkcs8.pem");

fn credentials(settings: Value, variables: &[(&str, &str)]) -> Vec<Arc<dyn Authenticator>> {
    let config: Config = serde_json::from_value(settings).expect("settings");
    let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    pool::credentials(&config, &variables.collect()).expect("credentials")
}

/// An App's key.
fn key(installation: &str) -> String {
    format!("42;;{PEM}{installation}")
}

/// GitHub as it answers from a script to the tap with these settings.
struct Github {
    clock: ManualClock,
    transport: ScriptedTransport,
    client: Client,
}

impl Github {
    fn new(settings: Value, replies: Vec<Reply>) -> Github {
        let clock = ManualClock::at("2026-11-25T12:00:00Z");
        let transport = ScriptedTransport::new(&clock, replies);
        let base = settings["api_url_base"].as_str().unwrap_or("https://api.github.com");
        let base = Url::parse(base).expect("a URL");
        let spec = ClientSpec::with_credentials(base, credentials(settings, &[]), RULES);
        let client = Client::new(spec, env(&transport, &clock)).expect("a client");
        Github { clock, transport, client }
    }

    /// Sends a request that is about somebody, and returns what was sent so far by whom.
    async fn send(&self, audience: Option<&str>) -> Result<Vec<String>, Error> {
        let url = self.client.base().join("/x").expect("a URL");
        let mut request = Request::get(url);
        request.audience = audience.map(str::to_owned);
        self.client.send(&request).await?;
        let line = |sent: Sent| {
            let signature = &sent.headers[header::AUTHORIZATION];
            let signature = signature.to_str().expect("ASCII").replace("Bearer ", "");
            let who = if signature.starts_with("eyJ") { "the App" } else { &signature };
            format!(
                "{} {} by {who}",
                sent.method,
                &sent.url.as_str()[self.client.base().origin().ascii_serialization().len()..]
            )
        };
        Ok(self.transport.sent().into_iter().map(line).collect())
    }
}

fn grants(token: &str, expires_at: &str) -> Reply {
    let body = json!({"token": token, "expires_at": expires_at, "permissions": {}});
    Reply::status(201).body(body.to_string())
}

fn absent() -> Reply {
    Reply::status(404).body(r#"{"message": "Not Found"}"#)
}

fn page() -> Reply {
    Reply::json("[]")
}

#[test]
fn only_github_itself_is_asked_at_a_pace() {
    let check = |base: &str, paced: bool| {
        let base = Url::parse(base).unwrap();
        assert_eq!(pace(&base) != Pace::default(), paced, "{base}");
    };
    check("https://api.github.com", true);
    check("https://api.octocorp.ghe.com", true);
    check("https://github.example/api/v3", false);
    check("http://127.0.0.1:8080", false);
}

#[test]
fn variables_take_the_place_of_settings_that_are_not_there() {
    let check = |settings: Value, variables: &[(&str, &str)], expected: &[&str]| {
        let labels: Vec<_> = credentials(settings, variables).iter().map(|it| it.label()).collect();
        assert_eq!(labels.iter().map(|it| &**it).collect::<Vec<_>>(), expected);
    };
    let app = key("");
    let tokens = [("GITHUB_TOKEN", "a"), ("GITHUB_TOKEN_2", "b"), ("GITHUB_TOKEN_3", "a")];
    check(json!({}), &[], &["anonymous"]);
    check(json!({}), &tokens, &["GITHUB_TOKEN", "GITHUB_TOKEN_2"]);
    check(json!({}), &[("GITHUB_TOKEN", "")], &["anonymous"]);
    check(json!({"auth_token": "x"}), &tokens, &["auth_token"]);
    check(
        json!({"additional_auth_tokens": ["x", "y", "x"]}),
        &tokens,
        &["additional_auth_tokens/0", "additional_auth_tokens/1"],
    );
    check(
        json!({"auth_token": "x"}),
        &[("GITHUB_APP_PRIVATE_KEY", &app)],
        &["auth_token", "GITHUB_APP_PRIVATE_KEY"],
    );
    check(
        json!({"auth_app_keys": [key(";;7")]}),
        &[("GITHUB_APP_PRIVATE_KEY", &app), ("GITHUB_TOKEN", "a")],
        &["GITHUB_TOKEN", "auth_app_keys/0"],
    );
}

#[test]
fn each_request_is_signed_by_what_reaches_whom_it_is_about() {
    let clock = ManualClock::at("2026-11-25T12:00:00Z");
    let env = env(&ScriptedTransport::new(&clock, Vec::<Reply>::new()), &clock);
    let check = |settings: &Value, about: Option<&str>, expected: &[&str]| {
        let pool = credentials(settings.clone(), &[]);
        let mut ask = Ask::of("core", &env);
        ask.audience = about;
        let serving: Vec<_> =
            pool.iter().filter(|it| it.serves(&ask)).map(|it| it.label()).collect();
        assert_eq!(serving.iter().map(|it| &**it).collect::<Vec<_>>(), expected, "{about:?}");
    };
    let all = json!({
        "auth_token": "x",
        "auth_app_keys": [key(""), key(";;7")],
        "org_auth_app_keys": {"initech": [key(""), key(";;8")]},
        "organizations": ["acme", "initech"],
        "repositories": ["octo/cat"],
    });
    let (token, any, given) = ("auth_token", "auth_app_keys/0", "auth_app_keys/1");
    check(&all, Some("Acme"), &[token, "auth_app_keys/0 (acme)", given]);
    check(&all, Some("octo"), &[token, "auth_app_keys/0 (octo)", given]);
    check(
        &all,
        Some("Initech"),
        &["org_auth_app_keys/initech/0 (initech)", "org_auth_app_keys/initech/1"],
    );
    check(&all, Some("found-by-a-search"), &[token, any, given]);
    check(&all, None, &[token, any, given]);
    let own = json!({"org_auth_app_keys": {"a": [key("")], "b": [key("")]}});
    check(&own, Some("a"), &["org_auth_app_keys/a/0 (a)"]);
    let public = ["org_auth_app_keys/a/0 (a)", "org_auth_app_keys/b/0 (b)"];
    check(&own, Some("c"), &public);
    check(&own, None, &public);
    check(&json!({"auth_token": "x"}), Some("acme"), &[token]);
}

#[tokio::test]
async fn an_installation_is_found_by_its_owner_and_its_token_renewed_in_time() {
    let settings =
        json!({"auth_app_keys": [key("")], "organizations": ["acme"], "expiry_time_buffer": 20});
    let github = Github::new(
        settings,
        vec![
            Reply::json(r#"{"id": 7, "account": {"login": "acme"}}"#),
            grants("ghs_1", "2026-11-25T13:00:00Z"),
            page(),
            page(),
            grants("ghs_2", "2026-11-25T14:00:00Z"),
            page(),
        ],
    );
    github.send(Some("acme")).await.unwrap();
    github.clock.advance(Duration::from_secs(40 * 60 - 1));
    github.send(Some("acme")).await.unwrap();
    github.clock.advance(Duration::from_secs(1));
    let asked = github.send(Some("acme")).await.unwrap();
    assert_eq!(
        asked,
        [
            "GET /orgs/acme/installation by the App",
            "POST /app/installations/7/access_tokens by the App",
            "GET /x by ghs_1",
            "GET /x by ghs_1",
            "POST /app/installations/7/access_tokens by the App",
            "GET /x by ghs_2",
        ]
    );
}

#[tokio::test]
async fn a_token_that_expired_early_is_replaced_and_the_request_sent_again() {
    let refused = Reply::status(401).body(r#"{"message": "Bad credentials"}"#);
    let github = Github::new(
        json!({"auth_app_keys": [key(";;7")]}),
        vec![
            Reply::json("{}"),
            grants("ghs_1", "2026-11-25T13:00:00Z"),
            refused,
            grants("ghs_2", "2026-11-25T13:00:00Z"),
            page(),
        ],
    );
    let asked = github.send(None).await.unwrap();
    let grant = "POST /app/installations/7/access_tokens by the App";
    let app = "GET /app by the App";
    assert_eq!(asked, [app, grant, "GET /x by ghs_1", grant, "GET /x by ghs_2"]);
}

#[tokio::test]
async fn a_user_has_an_installation_too_and_enterprise_an_address_of_its_own() {
    let settings = json!({
        "auth_app_keys": [key("")],
        "repositories": ["octo/x"],
        "api_url_base": "https://github.example/api/v3",
    });
    let id = Reply::json(r#"{"id": 9}"#);
    let github = Github::new(settings, vec![absent(), absent(), id, grants("ghs_1", ""), page()]);
    let asked = github.send(Some("octo")).await.unwrap();
    assert_eq!(
        asked[1..],
        [
            "GET /api/v3/orgs/octo/installation by the App",
            "GET /api/v3/users/octo/installation by the App",
            "POST /api/v3/app/installations/9/access_tokens by the App",
            "GET /x by ghs_1",
        ]
    );
}

#[tokio::test]
async fn where_an_app_is_not_installed_any_of_its_installations_reads_what_is_public() {
    let installations = json!([{"id": 1, "suspended_at": "2026-01-01T00:00:00Z"},
        {"id": 2, "suspended_at": null}]);
    let settings = json!({"auth_app_keys": [key("")], "organizations": ["acme"]});
    let found = Reply::json(installations.to_string());
    let granted = grants("ghs_2", "2026-11-25T13:00:00Z");
    let absent = [absent(), absent(), absent(), absent()];
    let replies = absent.into_iter().chain([found, granted, page()]).collect();
    let asked = Github::new(settings, replies).send(Some("Acme")).await.unwrap();
    assert_eq!(
        asked[4..],
        [
            "GET /app/installations?per_page=100 by the App",
            "POST /app/installations/2/access_tokens by the App",
            "GET /x by ghs_2",
        ]
    );
}

#[tokio::test]
async fn an_app_that_cannot_be_used_ends_the_run_as_any_credential() {
    let check = async |settings: Value, replies: Vec<Reply>, told: &str| {
        let error = Github::new(settings, replies).send(Some("acme")).await.unwrap_err();
        assert_eq!(error.exit().code(), 3, "{error}");
        assert!(error.to_string().contains(told), "{error}");
    };
    let unknown = || Reply::status(401).body(r#"{"message": "Integration not found"}"#);
    let refused = || vec![unknown(), unknown()];
    check(json!({"auth_app_keys": [key("")]}), refused(), "`auth_app_keys/0`").await;
    let of_acme = json!({"auth_app_keys": [key("")], "organizations": ["acme"]});
    check(of_acme, refused(), "rejected the credential").await;
    let nowhere = "the App is not installed anywhere";
    check(json!({"auth_app_keys": [key("")]}), vec![page()], nowhere).await;
    let own = json!({"org_auth_app_keys": {"acme": [key("")]}});
    let absent = vec![absent(), absent(), absent(), absent()];
    check(own, absent, "the App is not installed for `acme`").await;
}

#[tokio::test]
async fn an_app_signs_by_the_time_of_github() {
    let late = "Wed, 25 Nov 2026 14:00:00 GMT";
    let refused = Reply::status(401).body(r#"{"message": "'exp' is in the past"}"#);
    let github = Github::new(
        json!({"auth_app_keys": [key(";;7")]}),
        vec![
            refused.header("date", late),
            Reply::json("{}").header("date", late),
            grants("ghs_1", "2026-11-25T15:00:00Z").header("date", late),
            page().header("date", late),
        ],
    );
    let asked = github.send(None).await.unwrap();
    assert_eq!(asked.len(), 4);
    let signed: Vec<_> =
        github.transport.sent().iter().map(|it| it.header("authorization").to_owned()).collect();
    assert_ne!(signed[0], signed[1], "it is made anew");
    assert_eq!(signed[1], signed[2], "by the time of the refusal");
}
