use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use singer_http::testing::{ManualClock, Reply, ScriptedTransport, env};
use singer_http::{Client, Error, Request};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Stripe as it answers from a script to the tap with this key.
struct Stripe {
    clock: ManualClock,
    transport: ScriptedTransport,
    client: Client,
}

impl Stripe {
    fn new(key: &str, replies: impl IntoIterator<Item = Reply>) -> Stripe {
        let clock = ManualClock::at("2026-11-25T12:00:00Z");
        let transport = ScriptedTransport::new(&clock, replies);
        let config = json!({"client_secret": key, "api_version": "2024-06-20"});
        let config: Config = serde_json::from_value(config).expect("settings");
        let spec = super::client(&config).expect("a client");
        let client = Client::new(spec, env(&transport, &clock)).expect("a client");
        Stripe { clock, transport, client }
    }

    async fn send(&self) -> Result<(), Error> {
        let url = self.client.base().join("/v1/charges").expect("a URL");
        self.client.send(&Request::get(url)).await.map(drop)
    }

    /// Sends so many requests at once, as workers do.
    async fn send_all(&self, count: usize) -> Vec<Result<(), Error>> {
        join_all((0..count).map(|_| self.send())).await
    }

    /// When requests were sent, from this one on.
    fn times(&self, from: usize) -> Vec<Duration> {
        self.transport.sent()[from..].iter().map(|sent| sent.at).collect()
    }
}

fn fine(count: usize) -> impl Iterator<Item = Reply> {
    std::iter::repeat_with(|| Reply::json("{}")).take(count)
}

fn throttled() -> Reply {
    Reply::status(429).body(r#"{"error": {"code": "rate_limit", "message": "Too many requests"}}"#)
}

/// The most requests in any second.
fn most_a_second(times: &[Duration]) -> usize {
    let within = |first: Duration| {
        let second = first..first + SECOND;
        times.iter().filter(|at| second.contains(at)).count()
    };
    times.iter().map(|first| within(*first)).max().unwrap_or_default()
}

#[tokio::test]
async fn a_live_account_is_never_asked_more_than_25_times_a_second_and_a_sandbox_10_times() {
    for (key, most) in [("sk_live_x", 25), ("rk_live_x", 25), ("sk_test_x", 10), ("ek_x", 25)] {
        let stripe = Stripe::new(key, fine(150));
        stripe.send_all(150).await.into_iter().for_each(|sent| sent.expect("an answer"));
        let times = stripe.times(0);
        let found = most_a_second(&times);
        assert!(found <= most && found >= most - 1, "{key}: {found}");
    }
}

#[tokio::test]
async fn a_429_halves_the_rate_which_grows_again_and_nothing_is_lost() {
    let replies = fine(30).chain([throttled()]).chain(fine(400));
    let stripe = Stripe::new("sk_live_x", replies);
    stripe.send_all(60).await.into_iter().for_each(|sent| sent.expect("an answer"));
    let after = stripe.times(34);
    assert_eq!(stripe.transport.sent().len(), 61, "the one that was refused was sent again");
    let halved = most_a_second(&after);
    assert!((11..=12).contains(&halved), "{halved}");

    // One a second more for each half minute without a refusal.
    stripe.clock.advance(Duration::from_secs(5 * 30));
    stripe.send_all(100).await.into_iter().for_each(|sent| sent.expect("an answer"));
    let grown = most_a_second(&stripe.times(70));
    assert!((16..=18).contains(&grown), "{grown}");
    stripe.clock.advance(Duration::from_secs(30 * 30));
    stripe.send_all(100).await.into_iter().for_each(|sent| sent.expect("an answer"));
    let whole = most_a_second(&stripe.times(170));
    assert!((24..=25).contains(&whole), "{whole}");
}

#[tokio::test]
async fn stripe_says_whether_a_refused_request_is_sent_again() {
    let says = |reply: Reply, word: &str| reply.header("stripe-should-retry", word);
    let conflict = || Reply::status(409).body("{}");
    let down = || Reply::status(503).body("{}");
    let bad = || Reply::status(400).body("{}");
    for (reply, is_sent_again) in [
        (throttled(), true),
        (says(throttled(), "true"), true),
        (says(throttled(), "false"), false),
        (conflict(), true),
        (says(conflict(), "false"), false),
        (down(), true),
        (says(down(), "false"), false),
        (bad(), false),
        (says(bad(), "true"), true),
    ] {
        let stripe = Stripe::new("sk_test_x", [reply.clone()].into_iter().chain(fine(1)));
        assert_eq!(stripe.send().await.is_ok(), is_sent_again, "{reply:?}");
        assert_eq!(stripe.transport.sent().len(), 1 + usize::from(is_sent_again), "{reply:?}");
    }
}

#[tokio::test]
async fn every_request_has_the_key_and_the_version() {
    let stripe = Stripe::new("sk_test_x", fine(1));
    stripe.send().await.expect("an answer");
    let sent = stripe.transport.sent();
    assert_eq!(sent[0].header("authorization"), "Bearer sk_test_x");
    assert_eq!(sent[0].header("stripe-version"), "2024-06-20");
}
