use std::sync::{Arc, Mutex};

use http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::{
    Anonymous, BoxFuture, Client, ClientSpec, Deadlines, Incoming, Outgoing, Rules, Transport,
    TransportError,
};
use singer_tap::{Error, LinkHeader, Secret, Since, Stream, Tap};

use super::*;

/// A tap that a setting makes misbehave.
struct TapShop;

#[derive(Deserialize, JsonSchema)]
struct Config {
    #[serde(default)]
    token: Option<Secret>,
    #[serde(default)]
    fault: String,
}

impl Tap for TapShop {
    const NAME: &'static str = "tap-shop";
    const VERSION: &'static str = "1.0.0";
    const ABOUT: &'static str = "Reads orders of a shop.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        if config.fault == "token" {
            use singer_http::ExposeSecret as _;
            let token =
                config.token.as_ref().map(|token| token.expose().expose_secret().to_owned());
            // In a form that no filter of log lines knows.
            let told: String = token.unwrap_or_default().chars().rev().collect();
            tracing::info!("asking with {}", told.chars().rev().skip(3).collect::<String>());
        }
        let base = "https://shop.example".parse().expect("a valid URL");
        let mut spec = ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN);
        spec.headers.insert("accept", http::HeaderValue::from_static("application/json"));
        Ok(spec)
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        let key = if config.fault == "key" { "shop" } else { "id" };
        let stream = Stream::new("orders")
            .schema(if config.fault == "key" { KEYED } else { SCHEMA })
            .key([key])
            .get("/orders")
            .param("per_page", "2")
            .paginate(LinkHeader)
            .incremental("at", Since::Param("since"));
        Ok(vec![stream])
    }
}

const SCHEMA: &str = r#"{"type": "object", "properties": {
    "id": {"type": "integer"}, "shop": {"type": ["null", "string"]},
    "at": {"type": ["null", "string"], "format": "date-time"},
    "note": {"type": ["null", "string"]}}}"#;
const KEYED: &str = r#"{"type": "object", "properties": {
    "id": {"type": ["null", "integer"]}, "shop": {"type": "string"},
    "at": {"type": ["null", "string"], "format": "date-time"},
    "note": {"type": ["null", "string"]}}}"#;

/// Five orders, two a page, ascending; misbehaves as it is told.
struct Shop {
    fault: &'static str,
    asked: Mutex<usize>,
}

impl Shop {
    fn answer(&self, request: &Outgoing) -> (HeaderMap, String) {
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        let param = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let since = param("since").unwrap_or_default();
        let row = |id: usize| (id, format!("2026-11-2{}T10:00:00Z", id / 2));
        let is_due = |(_, at): &(usize, String)| match self.fault {
            "greater" => *at > since,
            _ => *at >= since,
        };
        let rows: Vec<_> = (1..6).map(row).filter(is_due).collect();
        let page: usize = param("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        let rest = rows.iter().skip(2 * (page - 1));
        let body: Vec<Value> = rest
            .take(2)
            .map(|(id, at)| {
                let note =
                    if self.fault == "restless" { format!("{asked}") } else { "-".to_owned() };
                json!({"id": id, "shop": "acme", "at": at, "note": note})
            })
            .collect();
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        if rows.len() > 2 * page {
            let next = format!(
                "<https://shop.example/orders?per_page=2&since={since}&page={}>; rel=\"next\"",
                page + 1
            );
            headers.insert("link", next.parse().unwrap());
        }
        (headers, Value::from(body).to_string())
    }
}

impl Transport for Shop {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let (headers, body) = self.answer(&request);
        Box::pin(std::future::ready(Ok(Incoming::whole(StatusCode::OK, headers, body))))
    }
}

const TOKEN: &str = "t0ken/of+the=shop\"2026";

fn subject(tap: &str, shop: &'static str) -> Subject {
    let shop = Shop { fault: shop, asked: Mutex::new(0) };
    Subject::new(json!({"fault": tap, "token": TOKEN})).answered_by(Arc::new(shop))
}

/// The checks that fail.
#[track_caller]
fn check(subject: &Subject, failing: &[&str]) -> Report {
    let report = examine::<TapShop>(subject);
    let failed =
        report.checks().iter().filter(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
    let failed: Vec<&str> = failed.map(|(name, _)| name.as_str()).collect();
    assert_eq!(failed, failing, "{report}");
    report
}

#[test]
fn a_tap_that_keeps_to_everything_passes_every_check() {
    let report = check(&subject("", ""), &[]);
    assert_eq!(report.checks().len(), CHECKS.len());
    assert_eq!(report.unseen, [""; 0]);
}

#[test]
fn recorded_exchanges_are_a_source_too() {
    let config = json!({"order": "at"});
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/orders");
    let subject = Subject::new(config).recorded(&[fixtures]);
    let report = examine::<crate::sync::tests::TapShop>(&subject);
    assert!(report.is_passed(), "{report}");
}

#[test]
fn a_source_that_loses_the_ties_of_a_bookmark_fails_the_resume() {
    let report = check(&subject("", "greater"), &["resume"]);
    assert!(report.to_string().contains("`orders` 3 is missing"), "{report}");
}

#[test]
fn a_source_that_does_not_stand_still_is_found_out() {
    check(&subject("", "restless"), &["catalog", "selection", "resume", "replay"]);
}

#[test]
fn a_key_that_is_none_is_found_out_by_two_records() {
    let report = check(&subject("key", ""), &["unique_keys"]);
    assert!(report.to_string().contains("`orders` \"acme\": two records"), "{report}");
    let waived = subject("key", "").waive("unique_keys", "a shop is enough here");
    let report = check(&waived, &[]);
    assert!(report.to_string().contains("waived  unique_keys: a shop is enough here"), "{report}");
    let waived = subject("key", "").waive("unique_keys/orders", "a shop is enough here");
    let report = check(&waived, &[]);
    assert!(report.to_string().contains("waived  unique_keys/orders: a shop"), "{report}");
    check(&subject("key", "").waive("unique_keys/shops", "of another"), &["unique_keys"]);
}

#[test]
fn a_part_of_a_token_in_the_log_is_found() {
    let report = check(&subject("token", ""), &["secrets"]);
    assert!(
        report.to_string().contains("the log shows `token` after `INFO asking with"),
        "{report}"
    );
}

#[test]
fn a_run_that_fails_leaves_nothing_to_check_and_says_why() {
    let report = check(&Subject::new(json!({"token": 5})), &["run"]);
    assert!(report.to_string().contains("[CFG01]"), "{report}");
}

#[test]
fn a_waiver_of_a_check_that_there_is_not_fails() {
    check(&subject("", "").waive("unique_kyes", "misspelt"), &["waivers"]);
}
