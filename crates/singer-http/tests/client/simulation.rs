//! Many tasks against a server that counts, with answers that overtake each other.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use singer_http::testing::FixedRandom;
use singer_http::{
    Anonymous, BoxFuture, Clock, Deadlines, Env, HeaderMap, Incoming, Outgoing, StatusCode,
    Transport, TransportError, Unobserved, Untold,
};

use super::*;

const QUOTA: u64 = 20;
const WINDOW: u64 = 60;

/// A quota of 20 a minute; answers after a few turns of the scheduler.
struct Server {
    clock: ManualClock,
    seed: AtomicU64,
    window: Mutex<(u64, u64)>,
    refused: AtomicU64,
    in_flight: AtomicU64,
    most_in_flight: AtomicU64,
}

impl Server {
    fn random(&self, below: u64) -> u64 {
        let mut seed = self.seed.load(SeqCst);
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.seed.store(seed, SeqCst);
        (seed >> 33) % below
    }

    /// What is left after this request, or none if it is one too many; and the reset.
    fn count(&self) -> (Option<u64>, u64) {
        let current = self.clock.now().timestamp().unsigned_abs() / WINDOW;
        let mut window = self.window.lock().unwrap();
        if window.0 != current {
            *window = (current, QUOTA);
        }
        let left = window.1.checked_sub(1);
        window.1 = left.unwrap_or(0);
        (left, (current + 1) * WINDOW)
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        _: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        Box::pin(async move {
            let now = self.in_flight.fetch_add(1, SeqCst) + 1;
            self.most_in_flight.fetch_max(now, SeqCst);
            for _ in 0..self.random(4) {
                tokio::task::yield_now().await;
            }
            let (left, reset) = self.count();
            for _ in 0..self.random(4) {
                tokio::task::yield_now().await;
            }
            self.in_flight.fetch_sub(1, SeqCst);
            self.refused.fetch_add(left.is_none().into(), SeqCst);
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-remaining", left.unwrap_or(0).into());
            headers.insert("x-ratelimit-reset", reset.into());
            let status = if left.is_some() { StatusCode::OK } else { StatusCode::FORBIDDEN };
            Ok(Incoming::whole(status, headers, "[]"))
        })
    }
}

async fn run(seed: u64, tasks: u64, requests: u64) -> Arc<Server> {
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let server = Arc::new(Server {
        clock: clock.clone(),
        seed: AtomicU64::new(seed),
        window: Mutex::default(),
        refused: AtomicU64::new(0),
        in_flight: AtomicU64::new(0),
        most_in_flight: AtomicU64::new(0),
    });
    let env = Env {
        transport: server.clone(),
        clock: Arc::new(clock),
        random: Arc::new(FixedRandom(0.5)),
        observer: Arc::new(Unobserved),
        secrets: Arc::new(Untold),
        tokens: None,
    };
    let mut spec = ClientSpec::new(Url::parse(BASE).unwrap(), Arc::new(Anonymous), RULES);
    spec.concurrency = 8;
    // Whoever sleeps moves the clock on for all, so that no deadline means anything here.
    let never = secs(1 << 32);
    spec.deadlines = Deadlines { connect: never, first_byte: never, idle: never, total: never };
    let client = Client::new(spec, env).unwrap();
    let tasks: Vec<_> = (0..tasks)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..requests {
                    client.send(&get()).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    server
}

#[tokio::test]
async fn a_known_quota_is_never_overdrawn_and_every_page_comes() {
    for seed in 0..200 {
        let server = run(seed, 12, 10).await;
        assert_eq!(server.refused.load(SeqCst), 0, "seed {seed}");
        assert!(server.most_in_flight.load(SeqCst) <= 8, "seed {seed}");
    }
}
