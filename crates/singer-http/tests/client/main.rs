//! The client as its users see it: over scripted answers and virtual time, and over real sockets.
#![allow(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as such")]

mod allowances;
mod bodies;
mod circuit;
mod clocks;
mod credentials;
mod downloads;
mod killed;
mod limits;
mod messages;
mod network;
mod pacing;
mod pool;
mod redirects;
mod renewals;
mod retries;
mod simulation;

use std::sync::Arc;
use std::time::Duration;

use singer_http::testing::{ManualClock, RULES, Reply, ScriptedTransport, env};
use singer_http::{Bearer, Client, ClientSpec, Error, Request, Response, Stats, Url};

const BASE: &str = "https://api.example";
const TOKEN: &str = "tok-canary-93f1";
const QUERY: &str = "query-canary-4b7a";

/// A client over a script.
struct Scene {
    client: Client,
    clock: ManualClock,
    transport: ScriptedTransport,
}

fn scene(replies: impl IntoIterator<Item = Reply>) -> Scene {
    scene_with(replies, |_| {})
}

fn scene_with(
    replies: impl IntoIterator<Item = Reply>,
    change: impl FnOnce(&mut ClientSpec),
) -> Scene {
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let transport = ScriptedTransport::new(&clock, replies);
    let bearer = Bearer::new("env TOKEN", TOKEN.into()).unwrap();
    let mut spec = ClientSpec::new(Url::parse(BASE).unwrap(), Arc::new(bearer), RULES);
    change(&mut spec);
    let client = Client::new(spec, env(&transport, &clock)).unwrap();
    Scene { client, clock, transport }
}

fn get() -> Request {
    Request::get(Url::parse(&format!("{BASE}/repos/a/b/issues?q={QUERY}")).unwrap())
}

impl Scene {
    async fn send(&self, request: &Request) -> Result<Response, Error> {
        let result = self.client.send(request).await;
        if let Err(error) = &result {
            let shown = format!("{error} {error:?} {request:?} {:?}", self.client);
            assert!(!shown.contains(TOKEN) && !shown.contains(QUERY), "{shown}");
        }
        result
    }

    async fn page(&self) -> Response {
        self.send(&get()).await.unwrap()
    }

    /// The error of a GET, which must have this identifier.
    async fn error(&self, id: &str) -> Error {
        let error = self.send(&get()).await.unwrap_err();
        assert_eq!(error.id(), id, "{error}");
        error
    }

    fn requests(&self) -> usize {
        self.transport.sent().len()
    }

    fn stats(&self) -> Stats {
        self.client.stats()
    }
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
