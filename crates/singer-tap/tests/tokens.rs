//! A tap that logs in by a refresh token which the server replaces each time.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as such")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
use singer_http::{Client, ClientAuth, ClientSpec, Grant, OAuth, Rules, Url};
use singer_tap::{Error, Outcome, Secret, Stop, Stream, Tap, captured_log};

const HOSTS: &[&str] = &["crm.example"];

struct TapCrm;

#[derive(Deserialize, JsonSchema)]
struct Config {
    /// The refresh token.
    refresh_token: Secret,
}

impl Tap for TapCrm {
    const NAME: &'static str = "tap-crm";
    const VERSION: &'static str = "0.0.0";
    const ABOUT: &'static str = "Reads a CRM.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        let login = Url::parse("https://login.crm.example/token").unwrap();
        let token = config.refresh_token.expose().clone();
        let grant = Grant::refresh_token(login.clone(), ClientAuth::public("app"), token)?;
        let auth = OAuth::new("refresh_token", grant.instances(HOSTS))?;
        Ok(ClientSpec::new(login, Arc::new(auth), Rules::PLAIN))
    }

    async fn streams(_: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        let schema = r#"{"type": "object", "properties": {"id": {"type": "integer"}}}"#;
        Ok(vec![Stream::new("deals").schema(schema).key(["id"]).get("/deals")])
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("tap-crm-{}-{}", std::process::id(), NEXT.fetch_add(1, SeqCst));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run: how it ended, what it said, and the requests as `host path` or the token that asked.
fn run(folder: &Path, config: &Value, replies: Vec<Reply>) -> (Outcome, String, Vec<String>) {
    let path = folder.join("config.json");
    fs::write(&path, config.to_string()).unwrap();
    let command = [OsString::from("tap-crm"), "--config".into(), path.into()];
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let transport = ScriptedTransport::new(&clock, replies);
    let env = env(&transport, &clock);
    let (outcome, stderr) = captured_log(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stdout = Box::new(std::io::sink());
        runtime.block_on(singer_tap::run::<TapCrm>(command, env, stdout, Stop::default()))
    });
    let asked = transport.sent().into_iter().map(|sent| match sent.body {
        Some(form) => {
            let form = String::from_utf8(form.to_vec()).unwrap();
            form.split("refresh_token=").last().unwrap().to_owned()
        }
        None => format!("{}{}", sent.url.host_str().unwrap(), sent.url.path()),
    });
    (outcome, stderr, asked.collect())
}

fn grants(number: u32) -> Reply {
    let body = json!({
        "access_token": format!("access-canary-{number}"),
        "refresh_token": format!("refresh-canary-{number}"),
        "instance_url": "https://na1.crm.example",
    });
    Reply::json(body.to_string())
}

fn silent(stderr: &str) {
    assert!(!stderr.contains("canary"), "{stderr}");
}

#[test]
fn with_a_token_store_each_run_logs_in_with_the_token_of_the_last() {
    let folder = Folder::new();
    let store = folder.0.join("tokens/store.json");
    let config = json!({"refresh_token": "refresh-canary-0", "token_store": store});
    for number in 0..3 {
        let replies = vec![grants(number + 1), Reply::json("[]")];
        let (outcome, stderr, asked) = run(&folder.0, &config, replies);
        assert_eq!(outcome, Outcome::Ok, "{stderr}");
        assert_eq!(asked, [format!("refresh-canary-{number}"), "na1.crm.example/deals".into()]);
        silent(&stderr);
    }
    let refused = Reply::status(400).body(r#"{"error": "invalid_grant", "x": "canary"}"#);
    let (outcome, stderr, _) = run(&folder.0, &config, vec![refused]);
    assert_eq!(outcome, Outcome::Auth);
    assert!(stderr.contains("[AUTH01]") && stderr.contains("log in anew"), "{stderr}");
    silent(&stderr);
}

#[test]
fn without_a_token_store_the_next_runs_failure_is_told_now() {
    let folder = Folder::new();
    let config = json!({"refresh_token": "refresh-canary-0"});
    let (outcome, stderr, _) = run(&folder.0, &config, vec![grants(1), Reply::json("[]")]);
    assert_eq!(outcome, Outcome::Ok);
    assert!(stderr.contains("ERROR [AUTH05]") && stderr.contains("`token_store`"), "{stderr}");
    silent(&stderr);
}

#[test]
fn a_token_store_that_cannot_be_written_ends_the_run_before_anything_is_sent() {
    let folder = Folder::new();
    let store = folder.0.join("config.json/tokens.json");
    let config = json!({"refresh_token": "refresh-canary-0", "token_store": store});
    let (outcome, stderr, asked) = run(&folder.0, &config, vec![]);
    assert_eq!((outcome, asked.len()), (Outcome::LocalIo, 0));
    assert!(stderr.contains("[AUTH03]") && stderr.contains("tokens.json"), "{stderr}");
    silent(&stderr);
}
