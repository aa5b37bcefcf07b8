use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
use singer_http::{
    Anonymous, BoxFuture, Client, ClientAuth, ClientSpec, Grant, OAuth, Request, Rules,
};

use super::run;
use crate::error::Error;
use crate::logging::captured_log;
use crate::outcome::Outcome;
use crate::sink::PageSink;
use crate::source::{Scan, Source};
use crate::stop::Stop;
use crate::stream::Stream;
use crate::tap::Tap;
use crate::testing::{page, stream};

struct TapTest;

#[derive(Deserialize, JsonSchema)]
struct Config {
    account: Option<String>,
    breaks: Option<bool>,
    /// Log in by a refresh token that the server replaces.
    logs_in: Option<bool>,
}

/// A source with a fault in it.
struct Broken;

impl Source for Broken {
    fn read<'a>(&'a self, _: Scan<'a>, _: &'a mut PageSink) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { panic!("a word from a body") })
    }
}

impl Tap for TapTest {
    const NAME: &'static str = "tap-test";
    const VERSION: &'static str = "1.0.0";
    const ABOUT: &'static str = "Reads what a test says.";
    type Config = Config;

    fn account(config: &Config) -> Option<String> {
        config.account.clone()
    }

    fn adopt(state: Value) -> Value {
        match state.get("theirs") {
            // What it says of the tap shows that it was read.
            Some(_) => json!({"bookmarks": {}, "tap": {"name": "tap-other"}}),
            None => state,
        }
    }

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        let url = |text: &str| text.parse().expect("a valid URL");
        let base = url("https://api.example.com");
        if config.logs_in != Some(true) {
            return Ok(ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN));
        }
        let app = ClientAuth::public("app");
        let grant = Grant::refresh_token(url("https://login.example.com"), app, "first".into())?;
        Ok(ClientSpec::new(base, Arc::new(OAuth::new("login", grant)?), Rules::PLAIN))
    }

    async fn streams(config: &Config, client: &Client) -> Result<Vec<Stream>, Error> {
        if config.logs_in == Some(true) {
            client.send(&Request::get(client.base().clone())).await?;
        }
        let orders = stream("orders").get("/orders");
        let is_broken = config.breaks == Some(true);
        Ok(vec![if is_broken { orders.source(Broken) } else { orders }])
    }
}

struct Ran {
    outcome: Outcome,
    log: String,
    requests: usize,
}

/// Runs the tap with this configuration and state; the first page has one order.
fn ran(name: &str, config: &Value, state: &Value) -> Ran {
    ran_over(name, config, state, Reply::json(page(&[(1, 1)])), Stop::default())
}

/// The same with this answer to the first request.
fn ran_over(name: &str, config: &Value, state: &Value, reply: Reply, stop: Stop) -> Ran {
    let file = |kind: &str, content: &Value| -> PathBuf {
        let name = format!("singer-tap-{}-{name}-{kind}.json", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content.to_string()).expect("a file in the temporary folder");
        path
    };
    let (config, state) = (file("config", config), file("state", state));
    let arguments = ["tap-test", "--config"].map(Into::into).into_iter();
    let arguments =
        arguments.chain([config.clone().into(), "--state".into(), state.clone().into()]);
    let clock = ManualClock::at("2026-11-25T00:00:00Z");
    let transport = ScriptedTransport::new(&clock, [reply]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (outcome, log) = captured_log(|| {
        let (env, sink) = (env(&transport, &clock), Box::new(std::io::sink()));
        runtime.block_on(run::<TapTest>(arguments, env, sink, stop))
    });
    for file in [config, state] {
        std::fs::remove_file(file).expect("the file is there");
    }
    Ran { outcome, log, requests: transport.sent().len() }
}

#[test]
fn a_state_of_another_account_is_refused_before_anything_is_sent() {
    let state =
        |account: &str| json!({"bookmarks": {}, "tap": {"name": "tap-test", "account": account}});
    let refused = ran("other", &json!({"account": "acct_2"}), &state("0123456789abcdef"));
    assert_eq!((refused.outcome, refused.requests), (Outcome::Usage, 0));
    assert!(refused.log.contains("CRITICAL [STATE01] "), "{}", refused.log);
    let old = ran("old", &json!({"account": "acct_2"}), &json!({}));
    assert_eq!((old.outcome, old.requests), (Outcome::Ok, 1), "a state without an account is fine");
}

#[test]
fn a_fault_of_the_tap_ends_the_run_with_1_and_quotes_nothing() {
    let broken = ran("broken", &json!({"breaks": true}), &json!({}));
    assert_eq!(broken.outcome, Outcome::Bug);
    let last = broken.log.lines().last().unwrap_or_default();
    assert!(last.contains("[END01] ended in") && last.ends_with("exit 1"), "{}", broken.log);
    assert!(broken.log.contains("CRITICAL [BUG01] "), "{}", broken.log);
    assert!(!broken.log.contains("a word from a body"), "{}", broken.log);
}

#[test]
fn a_run_that_is_stopped_in_a_renewal_keeps_the_token_that_it_was_given() {
    let store = std::env::temp_dir().join(format!("singer-tap-{}-tokens", std::process::id()));
    let config = json!({"logs_in": true, "token_store": store});
    let granted = json!({"access_token": "a", "expires_in": 3_600, "refresh_token": "second"});
    let stop = Stop::default();
    stop.request(Outcome::Terminated);
    let stopped = ran_over("renewal", &config, &json!({}), Reply::json(granted.to_string()), stop);
    let kept = std::fs::read_to_string(&store).expect("the store is there");
    std::fs::remove_file(&store).expect("the store is there");
    assert_eq!((stopped.outcome, stopped.requests), (Outcome::Terminated, 1), "{}", stopped.log);
    assert!(kept.contains("second"), "{kept}");
    let last = stopped.log.lines().last().unwrap_or_default();
    assert!(last.contains("[END01] ended") && last.ends_with("exit 143"), "{}", stopped.log);
}

#[test]
fn a_state_of_the_tap_that_this_one_replaces_is_adopted() {
    let theirs = json!({"theirs": {"orders": "first"}});
    let adopted = ran("adopted", &json!({}), &theirs);
    assert_eq!(adopted.outcome, Outcome::Usage, "{}", adopted.log);
    assert!(adopted.log.contains("[STATE01]"), "{}", adopted.log);
}
