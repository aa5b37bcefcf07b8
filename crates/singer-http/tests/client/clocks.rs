//! The server's clock counts, whatever the one of this computer says.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use singer_http::testing::{Reply, captured};
use singer_http::{Ask, Authenticator, BoxFuture, Signature};

use super::*;

/// Writes down the time that it is told.
#[derive(Default)]
struct Stamped(Mutex<Vec<DateTime<Utc>>>);

impl Authenticator for Stamped {
    fn label(&self) -> Arc<str> {
        "app".into()
    }

    fn sign<'a>(&'a self, ask: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        self.0.lock().unwrap().push(ask.now);
        Box::pin(async { Ok(None) })
    }
}

/// What a run does whose computer's clock stands at `here`: when it sends, what it waits, which
/// times it gives to a credential, and what it tells of clocks.
async fn run(here: &str) -> (Vec<Duration>, Vec<DateTime<Utc>>, DateTime<Utc>, String) {
    let dated =
        |reply: Reply, at: &str| reply.header("date", &format!("Tue, 24 Nov 2026 {at} GMT"));
    let replies = [
        dated(Reply::json("[]"), "16:00:00"),
        dated(Reply::status(403), "16:00:00")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "1795536090"),
        // It comes without a date, the reset is told all the same.
        Reply::status(403)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "1795536200"),
        dated(Reply::status(503), "16:03:21")
            .header("retry-after", "Tue, 24 Nov 2026 16:04:00 GMT"),
        Reply::json("[]"),
    ];
    let clock = ManualClock::at(here);
    let transport = ScriptedTransport::new(&clock, replies);
    let stamped = Arc::new(Stamped::default());
    let spec = ClientSpec::new(Url::parse(BASE).unwrap(), stamped.clone(), RULES);
    let client = Client::new(spec, env(&transport, &clock)).unwrap();
    let log = captured(async {
        client.send(&get()).await.unwrap();
        client.send(&get()).await.unwrap();
    })
    .await;
    let sent = transport.sent().iter().map(|sent| sent.at).collect();
    // Before the first answer nobody knows better.
    let stamps = stamped.0.lock().unwrap()[1..].to_vec();
    let told = log.lines().filter(|line| line.contains("[CLK01]")).collect::<Vec<_>>().join("\n");
    (sent, stamps, client.now(), told)
}

#[tokio::test]
async fn a_clock_that_is_off_by_up_to_a_day_changes_nothing() {
    let right = run("2026-11-24T16:00:00Z").await;
    assert_eq!(right.0, [0, 0, 91, 201, 240].map(secs));
    assert_eq!(right.2, "2026-11-24T16:04:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(right.3, "");
    for hour in 0..=48_i64 {
        let off = chrono::TimeDelta::minutes(hour * 60 - 24 * 60 + 7);
        let here = "2026-11-24T16:00:00Z".parse::<DateTime<Utc>>().unwrap() + off;
        let (sent, stamps, now, told) = run(&here.to_rfc3339()).await;
        assert_eq!((&sent, &stamps, now), (&right.0, &right.1, right.2), "{off}");
        assert_eq!(told.lines().count(), 1, "{off}: {told}");
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_once() {
    let check = async |here: &str, want: &str| assert_eq!(run(here).await.3, want);
    let told = |how| {
        format!(
            "WARN [CLK01] the clock of this computer is {how} that of `https://api.example` \
             · taking the server's"
        )
    };
    check("2026-11-24T19:02:00Z", &told("3h 2m ahead of")).await;
    check("2026-11-24T15:58:30Z", &told("1m 30s behind")).await;
    check("2026-11-24T16:01:00Z", "").await;
}
