//! The pace that a tap declares, and what is left for others.

use singer_http::testing::{Reply, captured};
use singer_http::{Growth, Pace, QuotaTold, Rate, Request, Reserve};

use super::*;

/// The seconds at which so many requests were sent.
async fn sent(scene: &Scene, resources: &[&str]) -> Vec<f64> {
    for resource in resources {
        let request = Request { resource: (*resource).to_owned(), ..get() };
        scene.send(&request).await.unwrap();
    }
    scene.transport.sent().iter().map(|sent| sent.at.as_secs_f64()).collect()
}

fn pages(count: usize) -> impl Iterator<Item = Reply> {
    (0..count).map(|_| Reply::json("[]"))
}

#[tokio::test]
async fn requests_keep_the_declared_pace_of_all_and_of_their_resource() {
    let scene = scene_with(pages(6), |spec| {
        spec.pace = Pace::of(Rate::new(2.0, 2)).resource("search", Rate::new(0.25, 1));
    });
    let log = captured(async {
        let sent = sent(&scene, &["core", "core", "core", "search", "search", "core"]).await;
        assert_eq!(sent, [0.0, 0.0, 0.5, 1.0, 5.0, 5.0]);
    })
    .await;
    assert_eq!(log, "", "short waits are not told");
    let waits: Vec<_> = scene.stats().waits_by.iter().map(|by| (by.id, by.waits)).collect();
    assert_eq!(waits, [("RATE07", 3)]);
}

#[tokio::test]
async fn the_users_bound_holds_over_everything() {
    let scene = scene_with(pages(3), |spec| {
        spec.pace = Pace::of(Rate::new(100.0, 10));
        spec.most_per_second = Some(0.5);
    });
    assert_eq!(sent(&scene, &["core", "search", "core"]).await, [0.0, 2.0, 4.0]);
}

#[tokio::test]
async fn waiting_for_a_turn_is_no_time_of_the_request() {
    let scene = scene_with((0..8).map(|_| Reply::status(503)), |spec| {
        spec.most_per_second = Some(1.0 / 400.0);
    });
    scene.error("API02").await;
    assert_eq!(scene.requests(), 8, "all attempts are made, though they take most of an hour");
}

#[tokio::test]
async fn a_slow_pace_is_told_once() {
    let scene = scene_with(pages(3), |spec| spec.most_per_second = Some(0.1));
    let log = captured(async {
        sent(&scene, &["core"; 3]).await;
    })
    .await;
    let told = "WARN [RATE07] requests to `https://api.example` keep their pace · waiting 10s";
    assert!(log.starts_with(told) && log.lines().count() == 1, "{log}");
}

#[tokio::test]
async fn throttling_halves_a_pace_that_gives_way() {
    let replies = std::iter::once(Reply::status(429)).chain(pages(9));
    let scene = scene_with(replies, |spec| {
        spec.rules = singer_http::Rules::PLAIN;
        spec.pace = Pace::of(Rate::new(4.0, 4)).giving_way(Growth::STEADY);
    });
    let sent = sent(&scene, &["core"; 4]).await;
    assert_eq!(sent, [0.0, 0.5, 1.0, 1.5, 2.0]);
}

#[tokio::test]
async fn a_rate_that_is_none_is_refused() {
    for rate in [0.0, -1.0, f64::NAN] {
        let mut spec = ClientSpec::new(
            Url::parse(BASE).unwrap(),
            std::sync::Arc::new(singer_http::Anonymous),
            RULES,
        );
        spec.most_per_second = Some(rate);
        let error = Client::new(spec, singer_http::Env::real()).unwrap_err();
        assert!(error.to_string().contains("`max_requests_per_second`"), "{error}");
    }
}

fn left(remaining: u32, reset_in: i64) -> Reply {
    Reply::json("[]")
        .header("date", "Tue, 24 Nov 2026 16:00:00 GMT")
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", &remaining.to_string())
        .header("x-ratelimit-reset", &(1_795_536_000 + reset_in).to_string())
}

#[tokio::test]
async fn what_is_left_for_others_is_not_touched() {
    let scene = scene_with([left(11, 100), left(10, 100), left(99, 3_600)], |spec| {
        spec.reserve = Reserve::Percent(10);
    });
    let log = captured(async {
        assert_eq!(sent(&scene, &["core"; 3]).await, [0.0, 0.0, 101.0]);
    })
    .await;
    let told = "WARN [RATE01] the `core` limit of `https://api.example` is used up for \
                `env TOKEN` but for what is left to others · waiting 1m 41s, until 16:01:41 UTC";
    assert!(log.starts_with(told), "{log}");
}

#[tokio::test]
async fn the_last_tenth_of_a_quota_is_spread_and_told_once() {
    let replies = [left(9, 90), left(8, 90), left(7, 80), left(6, 70)];
    let scene = scene(replies);
    let log = captured(async {
        assert_eq!(sent(&scene, &["core"; 4]).await, [0.0, 0.0, 10.0, 20.0]);
    })
    .await;
    let told = "WARN [RATE07] little is left of the `core` limit of `https://api.example` for \
                `env TOKEN`, and is spread until its reset · waiting 10s, until 16:00:10 UTC\n";
    assert_eq!(log, told);
}

#[tokio::test]
async fn with_nothing_to_wait_a_quota_is_used_up_without_a_pause() {
    let replies = [left(3, 90), left(2, 90), left(1, 90), left(0, 90)];
    let scene = scene_with(replies, |spec| spec.max_wait = Duration::ZERO);
    assert_eq!(sent(&scene, &["core"; 4]).await, [0.0; 4]);
    scene.error("RATE01").await;
}

#[tokio::test]
async fn points_that_a_source_tells_are_booked() {
    let scene = scene_with(pages(4), |spec| {
        spec.pace = Pace::default().points("core", 600);
    });
    let page = scene.page().await;
    scene.client.spend(&page, 100);
    scene.page().await;
    assert_eq!(scene.clock.waited(), millis(4_100), "60 at once, 10 a second");
    let reset_at = "2026-11-24T16:10:04Z".parse().unwrap();
    scene.client.record_quota(&page, &QuotaTold { limit: Some(5_000), remaining: 90, reset_at });
    scene.page().await;
    assert_eq!(scene.transport.sent()[2].at, millis(605_100), "100 points are not left");
    assert_eq!(scene.stats().quotas[0].remaining, 90);
}
