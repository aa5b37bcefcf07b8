//! Tokens that end while many requests are on their way.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use singer_http::{
    BoxFuture, ClientAuth, Clock as _, Deadlines, Env, Grant, Incoming, OAuth, Outgoing, Rules,
    StatusCode, Transport, TransportError,
};
use tokio::task::yield_now;

use super::*;

const LIFE: u64 = 3600;

/// An API and its login server: a token is good for an hour unless it is revoked, a refresh token
/// once. Answers take a few turns of the scheduler.
struct Server {
    clock: ManualClock,
    seed: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The number of the token that is good.
    token: u64,
    ends: Duration,
    revoked: bool,
    /// The refresh token that is good has this number.
    refresh: u64,
    unauthorized: u64,
    /// Grants while the last token was good, and refresh tokens that were used up.
    needless: u64,
    spent: u64,
}

impl State {
    fn is_good(&self, now: Duration, early: Duration) -> bool {
        self.token > 0 && !self.revoked && now + early < self.ends
    }
}

impl Server {
    fn random(&self, below: u64) -> u64 {
        let seed = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, SeqCst);
        let mixed = (seed ^ (seed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)) % below
    }

    fn revoke(&self) {
        self.state.lock().unwrap().revoked = true;
    }

    /// Time may pass while a grant is on its way: a life begins when it is asked for.
    fn grant(&self, form: &str, asked: Duration) -> (u16, String) {
        let mut state = self.state.lock().unwrap();
        if !form.ends_with(&format!("refresh_token=refresh-{}", state.refresh)) {
            state.spent += 1;
            return (400, r#"{"error": "invalid_grant"}"#.to_owned());
        }
        state.needless += u64::from(state.is_good(asked, secs(60)));
        state.token += 1;
        state.refresh += 1;
        state.revoked = false;
        state.ends = asked + secs(LIFE);
        let State { token, refresh, .. } = *state;
        let body = format!(
            r#"{{"access_token": "token-{token}", "refresh_token": "refresh-{refresh}", "expires_in": {LIFE}}}"#
        );
        (200, body)
    }

    fn answer(&self, request: &Outgoing, asked: Duration) -> (u16, String) {
        if request.url.path() == "/token" {
            let form = request.body.clone().unwrap_or_default();
            return self.grant(std::str::from_utf8(&form).unwrap(), asked);
        }
        let mut state = self.state.lock().unwrap();
        let token = format!("Bearer token-{}", state.token);
        if state.is_good(self.clock.elapsed(), Duration::ZERO)
            && request.headers["authorization"] == token
        {
            (200, "[]".to_owned())
        } else {
            state.unauthorized += 1;
            (401, String::new())
        }
    }

    async fn turns(&self) {
        for _ in 0..self.random(6) {
            yield_now().await;
        }
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: Outgoing,
        _: &'a Deadlines,
    ) -> BoxFuture<'a, Result<Incoming, TransportError>> {
        let asked = self.clock.elapsed();
        Box::pin(async move {
            self.turns().await;
            let (status, body) = self.answer(&request, asked);
            self.turns().await;
            let status = StatusCode::from_u16(status).unwrap();
            Ok(Incoming::whole(status, Default::default(), body))
        })
    }
}

/// A client of such a server, with 50 requests in flight at most.
fn world(seed: u64) -> (Client, Arc<Server>) {
    let clock = ManualClock::at("2026-11-24T16:00:00Z");
    let (seed, state) = (AtomicU64::new(seed), Mutex::default());
    let server = Arc::new(Server { clock: clock.clone(), seed, state });
    let script = ScriptedTransport::new(&clock, []);
    let env = Env { transport: server.clone(), ..env(&script, &clock) };
    let endpoint = Url::parse(&format!("{BASE}/token")).unwrap();
    let grant = Grant::refresh_token(endpoint, ClientAuth::public("app"), "refresh-0".into());
    let auth = OAuth::new("refresh_token", grant.unwrap()).unwrap();
    let base = Url::parse(BASE).unwrap();
    let mut spec = ClientSpec::new(base, Arc::new(auth), Rules::PLAIN);
    spec.concurrency = 50;
    // Hours pass between two turns of the scheduler, so that no deadline means anything here.
    let never = secs(1 << 32);
    spec.deadlines = Deadlines { connect: never, first_byte: never, idle: never, total: never };
    (Client::new(spec, env).unwrap(), server)
}

/// Sends `count` requests at once; how many failed.
async fn burst(client: &Client, count: usize) -> usize {
    let send = || {
        let client = client.clone();
        tokio::spawn(async move { client.send(&get()).await.is_err() })
    };
    let tasks: Vec<_> = (0..count).map(|_| send()).collect();
    let mut failed = 0;
    for task in tasks {
        failed += usize::from(task.await.unwrap());
    }
    failed
}

#[tokio::test]
async fn fifty_requests_that_meet_an_expired_token_cause_one_renewal() {
    let (client, server) = world(1);
    // Until the client has learnt that it may send fifty at once.
    assert_eq!(burst(&client, 500).await, 0);
    let seen = || {
        let state = server.state.lock().unwrap();
        (state.token, state.unauthorized)
    };
    assert_eq!(seen(), (1, 0), "one grant for all");
    server.clock.advance(secs(LIFE - 60));
    assert_eq!(burst(&client, 50).await, 0);
    assert_eq!(seen(), (2, 0), "renewed before its end");
    server.revoke();
    assert_eq!(burst(&client, 50).await, 0);
    assert_eq!(seen(), (3, 50), "all fifty were refused, and one renewal did for them");
    assert_eq!(server.state.lock().unwrap().spent, 0);
}

#[tokio::test]
async fn a_request_that_leaves_takes_no_token_with_it() {
    for turns in 0..20 {
        let (client, server) = world(turns);
        let request = get();
        tokio::select! {
            biased;
            _ = client.send(&request) => {}
            () = async { for _ in 0..turns { yield_now().await } } => {}
        }
        assert_eq!(burst(&client, 5).await, 0, "left after {turns} turns");
        let state = server.state.lock().unwrap();
        assert_eq!((state.token, state.spent), (1, 0), "left after {turns} turns");
    }
}

#[tokio::test]
async fn in_any_order_of_events_a_token_is_renewed_only_when_it_has_ended() {
    for seed in 0..100 {
        let (client, server) = world(seed);
        let rounds = server.random(6) + 2;
        let tasks: Vec<_> = (0..rounds * 3)
            .map(|_| {
                let (client, server) = (client.clone(), server.clone());
                tokio::spawn(async move {
                    let request = get();
                    for _ in 0..6 {
                        let patience = server.random(40);
                        tokio::select! {
                            sent = client.send(&request) => {
                                let id = sent.err().map(|error| error.id());
                                // The next token may be revoked before it was of use.
                                assert!(matches!(id, None | Some("AUTH01")), "{id:?}");
                            }
                            () = async { for _ in 0..patience { yield_now().await } } => {}
                        }
                        match server.random(8) {
                            0 => server.revoke(),
                            1 => server.clock.advance(secs(server.random(2 * LIFE))),
                            _ => server.turns().await,
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let state = server.state.lock().unwrap();
        assert_eq!((state.needless, state.spent), (0, 0), "seed {seed}");
        assert!(state.token > 0, "seed {seed}");
    }
}
