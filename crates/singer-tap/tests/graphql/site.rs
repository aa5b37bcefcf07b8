//! A tap of GraphQL streams, and the server that it reads.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser as _;
use mock_api::{Options, Server};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use singer_http::{Anonymous, Client, ClientSpec, Env, QuotaHeaders, Rules, Url};
use singer_tap::{Error, Nested, Outcome, Partition, Query, Since, Stop, Stream, Tap};

/// A tap that reads one repository.
pub(crate) struct TapForum;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Config {
    /// Where the API is.
    #[schemars(with = "String")]
    api_url_base: Url,
    /// Discussions that are asked for at once.
    page_sizes: [u32; 3],
    /// The repository.
    repo: String,
}

const DISCUSSION: &str = r#"{"type": "object", "properties": {
    "id": {"type": "string"},
    "title": {"type": ["null", "string"]},
    "updatedAt": {"type": ["null", "string"], "format": "date-time"},
    "author": {"type": ["null", "object"], "properties": {"login": {"type": ["null", "string"]}}},
    "comments": {"type": ["null", "object"], "properties": {
        "totalCount": {"type": ["null", "integer"]},
        "nodes": {"type": ["null", "array"], "items": {"type": ["null", "object"], "properties": {
            "id": {"type": ["null", "string"]}}}}}}}}"#;
const PULL: &str = r#"{"type": "object", "properties": {
    "id": {"type": "string"}, "number": {"type": ["null", "integer"]}}}"#;
const REVIEW: &str = r#"{"type": "object", "properties": {
    "id": {"type": "string"}, "state": {"type": ["null", "string"]},
    "submittedAt": {"type": ["null", "string"], "format": "date-time"}}}"#;

impl Tap for TapForum {
    const NAME: &'static str = "tap-forum";
    const VERSION: &'static str = "0.0.0";
    const ABOUT: &'static str = "Reads a repository.";
    type Config = Config;

    fn client(config: &Config) -> Result<ClientSpec, Error> {
        let quota = QuotaHeaders::X_RATELIMIT;
        let reads = singer_tap::graphql_limits;
        let rules = Rules { quota: Some(quota), reads: Some(reads), ..Rules::PLAIN };
        Ok(ClientSpec::new(config.api_url_base.clone(), Arc::new(Anonymous), rules))
    }

    async fn streams(config: &Config, _: &Client) -> Result<Vec<Stream>, Error> {
        let partition = Partition::named([("org", "acme"), ("repo", config.repo.as_str())]);
        let of_repository = |query: Query| {
            let query = query.variable("owner", "org").variable("name", "repo");
            query.quota_at("/data/rateLimit")
        };
        let comments = Nested {
            at: "/comments",
            id: "/id",
            rest: include_str!("comments.graphql"),
            rest_at: "/data/node/comments",
        };
        let discussions =
            Query::new(include_str!("discussions.graphql"), "/data/repository/discussions");
        let pulls = Query::new(include_str!("pulls.graphql"), "/data/repository/pullRequests");
        let reviews = Query::new(include_str!("reviews.graphql"), "/reviews").page_sizes([2]);
        Ok(vec![
            Stream::new("discussions")
                .schema(DISCUSSION)
                .key(["id"])
                .incremental("updatedAt", Since::StopAt)
                .graphql(of_repository(discussions).page_sizes(config.page_sizes).nested(comments))
                .partitions(vec![partition.clone()]),
            Stream::new("pulls")
                .schema(PULL)
                .key(["id"])
                .graphql(of_repository(pulls))
                .partitions(vec![partition])
                .child_context([("pull", "id")]),
            Stream::new("reviews")
                .schema(REVIEW)
                .key(["id"])
                .child_of("pulls", ["org", "repo", "pull"])
                .graphql(reviews.of_parents("/data/nodes", "ids", "pull"))
                .batch(10),
        ])
    }
}

/// A running server.
pub(crate) struct Site(Server);

/// What a run did.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) messages: Vec<Value>,
}

impl Site {
    pub(crate) fn new(arguments: &str) -> Site {
        let arguments = std::iter::once("mock-api").chain(arguments.split_whitespace());
        Site(Server::start(Options::parse_from(arguments)).expect("the server starts"))
    }

    /// Settings that read it.
    pub(crate) fn config(&self) -> Value {
        json!({"api_url_base": self.0.url(), "page_sizes": [20, 10, 5], "repo": "widgets",
            "concurrency": 1})
    }

    /// Runs the tap on one stream, from a state if there is one.
    pub(crate) fn run(&self, stream: &str, settings: &Value, state: Option<&Value>) -> Ran {
        let mut config = self.config();
        for (name, value) in settings.as_object().into_iter().flatten() {
            config[name] = value.clone();
        }
        let config = TemporaryFile::of(&config);
        let state = state.map(TemporaryFile::of);
        let mut arguments =
            vec![OsString::from("tap-forum"), "--config".into(), (&config.0).into()];
        if let Some(state) = &state {
            arguments.extend(["--state".into(), (&state.0).into()]);
        }
        arguments.extend(["--select".into(), stream.into()]);
        let stdout = Captured::default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let run = singer_tap::run::<TapForum>(
            arguments,
            Env::real(),
            Box::new(stdout.clone()),
            Stop::default(),
        );
        let outcome = runtime.expect("a runtime starts").block_on(run);
        let bytes = stdout.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = str::from_utf8(&bytes).expect("output is UTF-8");
        let messages = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON"));
        Ran { outcome, messages: messages.collect() }
    }

    /// Sends an admin request and gives the lines of its answer.
    pub(crate) fn admin(&self, method: &str, target: &str, body: &str) -> Vec<Value> {
        let host = self.0.url().trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&host).expect("the server listens");
        let length = body.len();
        let request = format!(
            "{method} /_mock/{target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
        body.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// The values of a field that the server holds.
    pub(crate) fn truth(&self, resource: &str, field: &str) -> Vec<Value> {
        let target = format!("truth?repo=acme/widgets&resource={resource}&fields={field}");
        sorted(self.admin("GET", &target, "").iter().map(|row| row[field].clone()).collect())
    }

    /// How many queries were sent since this was last asked.
    pub(crate) fn queries(&self) -> u64 {
        let report = self.admin("GET", "requests?reset=1", "").remove(0);
        report["patterns"]["/graphql"].as_u64().unwrap_or_default()
    }
}

impl Ran {
    /// The records of a stream.
    pub(crate) fn records(&self, stream: &str) -> Vec<&Value> {
        let is_row = |message: &&Value| message["type"] == "RECORD" && message["stream"] == stream;
        self.messages.iter().filter(is_row).map(|row| &row["record"]).collect()
    }

    /// The values of a field of the records of a stream, sorted.
    pub(crate) fn column(&self, stream: &str, field: &str) -> Vec<Value> {
        sorted(self.records(stream).into_iter().map(|record| record[field].clone()).collect())
    }

    /// The last STATE.
    pub(crate) fn state(&self) -> Value {
        self.messages.last().expect("a run writes a STATE")["value"].clone()
    }
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}

struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn of(document: &Value) -> TemporaryFile {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tap-forum-{}-{number}", std::process::id()));
        std::fs::write(&path, document.to_string()).expect("a test can write temporary files");
        TemporaryFile(path)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // What cannot be removed does no harm there.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[derive(Clone, Debug, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
