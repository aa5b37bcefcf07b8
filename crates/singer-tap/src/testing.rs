//! For this crate's tests: a whole sync over scripted answers.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
use singer_http::{Anonymous, Client, ClientSpec, Rules, Spares};
use singer_protocol::State;

use crate::board::Board;
use crate::discover;
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::rejects::Tally;
use crate::settings::Settings;
use crate::state::inherit;
use crate::stop::Stop;
use crate::stream::Stream;
use crate::sync::{self, Run};

/// What a sync did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    /// Path and query of each request.
    pub(crate) asked: Vec<String>,
    /// The body of each request, null where there is none.
    pub(crate) bodies: Vec<Value>,
    pub(crate) messages: Vec<Value>,
}

impl Ran {
    /// The values of a field of the records of a stream, as they were emitted.
    pub(crate) fn column(&self, stream: &str, field: &str) -> Vec<Value> {
        let is_row = |message: &&Value| message["type"] == "RECORD" && message["stream"] == stream;
        self.messages.iter().filter(is_row).map(|row| row["record"][field].clone()).collect()
    }

    /// The bookmarks of the last message, which must be a STATE.
    pub(crate) fn bookmarks(&self) -> Value {
        let last = self.messages.last().expect("a run writes at least a STATE");
        assert_eq!(last["type"], "STATE", "the last line is a STATE");
        last["value"]["bookmarks"].clone()
    }
}

/// The version of a run, which is the time when it begins.
pub(crate) const VERSION: i64 = 1_795_564_800_000;

/// Records with an `id`, a `name` and an `at`, which is the time of the test's day.
pub(crate) const SCHEMA: &str = r#"{"type": "object", "properties": {
    "id": {"type": "integer"},
    "name": {"type": ["null", "string"]},
    "org": {"type": ["null", "string"]},
    "at": {"type": ["null", "string"], "format": "date-time"}}}"#;

/// A stream of such records.
pub(crate) fn stream(name: &str) -> Stream {
    Stream::new(name).schema(SCHEMA).key(["id"])
}

/// A page of records: ids and hours.
pub(crate) fn page(rows: &[(u64, u64)]) -> String {
    let rows: Vec<Value> =
        rows.iter().map(|(id, hour)| json!({"id": id, "at": hour_of(*hour)})).collect();
    Value::from(rows).to_string()
}

/// An hour of the test's day.
pub(crate) fn hour_of(hour: u64) -> String {
    format!("2026-11-24T{hour:02}:00:00Z")
}

/// Reads `streams` from `state` over these answers, one partition at a time.
pub(crate) async fn sync(streams: Vec<Stream>, bookmarks: Value, replies: Vec<Reply>) -> Ran {
    sync_with(json!({"concurrency": 1}), streams, bookmarks, replies).await
}

/// The same with these settings.
pub(crate) async fn sync_with(
    settings: Value,
    streams: Vec<Stream>,
    bookmarks: Value,
    replies: Vec<Reply>,
) -> Ran {
    let clock = ManualClock::at("2026-11-25T00:00:00Z");
    let transport = ScriptedTransport::new(&clock, replies);
    let base = "https://api.example.com/v1".parse().expect("a valid URL");
    let spec = ClientSpec::new(base, Arc::new(Anonymous), Rules::PLAIN);
    let client = Client::new(spec, env(&transport, &clock)).expect("a valid client");
    let layout = |name: &str| discover::layout(&streams, name);
    let state = State::from_json(json!({"bookmarks": bookmarks}), "tap-test", &layout);
    let mut state = state.expect("a valid state");
    inherit(&mut state, &streams);
    let settings: Settings = serde_json::from_value(settings).expect("valid settings");
    let plan = Plan::new(streams.clone(), None, &settings).expect("a valid plan");
    let plan = plan.versioned(&settings, VERSION);
    let run = Arc::new(Run {
        spares: Spares::default(),
        ledgers: Mutex::default(),
        tallies: plan.streams().iter().map(|_| Tally::default()).collect(),
        tap: "tap-test",
        greeting: None,
        plan,
        client,
        metrics: Arc::new(Metrics::new(settings.metrics_log_level, Arc::new(clock.clone()))),
        clock: Arc::new(clock),
        board: Board::new(streams.len()),
        settings,
        state,
        stop: Stop::default(),
        probe: false,
    });
    let stdout = Captured::default();
    let report = sync::run(Arc::clone(&run), Box::new(stdout.clone())).await;
    let bodies = transport.sent().into_iter().map(|sent| {
        sent.body.map_or(Value::Null, |body| serde_json::from_slice(&body).unwrap_or_default())
    });
    let asked = transport.sent().into_iter().map(|sent| {
        let query = sent.url.query().map_or(String::new(), |query| format!("?{query}"));
        format!("{}{query}", sent.url.path())
    });
    Ran {
        outcome: report.outcome(run.stop.reason()),
        asked: asked.collect(),
        bodies: bodies.collect(),
        messages: stdout.messages(),
    }
}

#[derive(Clone, Debug, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn messages(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = str::from_utf8(&bytes).expect("output is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
