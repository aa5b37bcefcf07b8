//! Quotas and throttling.

use singer_http::testing::{Reply, captured};
use singer_http::{Request, Scope};

use super::*;

const DATE: &str = "Tue, 24 Nov 2026 16:00:00 GMT";

fn quota(reply: Reply, remaining: u32, reset_in: i64) -> Reply {
    let reset = 1_795_536_000 + reset_in;
    reply
        .header("date", DATE)
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", &remaining.to_string())
        .header("x-ratelimit-reset", &reset.to_string())
        .header("x-ratelimit-resource", "core")
}

fn secondary() -> Reply {
    Reply::status(403).body("You have exceeded a secondary rate limit.")
}

#[tokio::test]
async fn a_spent_quota_is_waited_out_and_told() {
    let scene = scene([quota(Reply::status(403), 0, 690), quota(Reply::json("[]"), 4999, 3600)]);
    let log = captured(async {
        scene.page().await;
    })
    .await;
    assert_eq!(scene.clock.waited(), secs(691), "to the reset and a second more");
    assert_eq!(
        log.lines().next().unwrap(),
        "WARN [RATE01] the `core` limit of `https://api.example` is used up for `env TOKEN` \
         · waiting 11m 31s, until 16:11:31 UTC"
    );
    assert_eq!(log.lines().filter(|line| line.contains("still waiting")).count(), 11);
    let left = &scene.stats().quotas[0];
    assert_eq!((left.resource.as_str(), left.remaining, left.limit), ("core", 4999, Some(5000)));
}

#[tokio::test]
async fn after_the_last_request_of_a_quota_the_next_is_not_sent_before_the_reset() {
    let ok = || Reply::json("[]");
    let scene = scene([quota(ok(), 0, 100), ok(), quota(ok(), 9, 3600)]);
    scene.page().await;
    let search = Request { resource: "search".to_owned(), ..get() };
    scene.send(&search).await.unwrap();
    assert_eq!(scene.clock.waited(), secs(0), "another pool is not spent");
    scene.page().await;
    assert_eq!(scene.transport.sent()[2].at, secs(101));
}

#[tokio::test]
async fn the_reset_is_measured_by_the_servers_clock() {
    // The server believes that it is an hour later than we do.
    let spent = Reply::status(429)
        .header("date", "Tue, 24 Nov 2026 17:00:00 GMT")
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "1795539630");
    let scene = scene([spent, Reply::json("[]")]);
    scene.page().await;
    assert_eq!(scene.clock.waited(), secs(31));
}

#[tokio::test]
async fn an_absurd_reset_costs_an_hour_at_most_and_is_told() {
    let spent = || {
        Reply::status(403)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "4070908800")
    };
    let scene = scene([spent(), Reply::json("[]")]);
    let log = captured(async {
        scene.page().await;
    })
    .await;
    assert_eq!(scene.clock.waited(), secs(3601));
    assert!(log.contains("[RATE06] `https://api.example` gives no sensible reset"), "{log}");
}

#[tokio::test]
async fn with_nothing_to_wait_a_spent_quota_fails_at_once_with_the_time() {
    let scene = scene_with([quota(Reply::status(403), 0, 600)], |spec| {
        spec.max_wait = Duration::ZERO;
    });
    let error = scene.error("RATE01").await;
    assert_eq!((error.scope(), error.exit().code()), (Scope::Run, 5));
    assert!(error.to_string().contains("it frees at 2026-11-24 16:10:00 UTC"), "{error}");
    scene.error("RATE01").await;
    assert_eq!(scene.requests(), 1, "what is known to fail is not sent");
    assert!(scene.clock.waits().is_empty());
}

#[tokio::test]
async fn waits_for_limits_add_up_to_max_wait_and_no_more() {
    let spent = || quota(Reply::status(403), 0, 3600);
    let scene = scene([spent(), Reply::status(403).header("retry-after", "400")]);
    scene.error("RATE02").await;
    assert_eq!(scene.clock.waited(), secs(3601));
}

#[tokio::test]
async fn retry_after_is_obeyed_in_both_forms_up_to_max_wait() {
    let later = |value| Reply::status(503).header("date", DATE).header("retry-after", value);
    let scene = scene([
        later("7"),
        later("Tue, 24 Nov 2026 16:00:45 GMT"),
        Reply::json("[]"),
        later("1000000000"),
    ]);
    scene.page().await;
    assert_eq!(scene.clock.waits(), [secs(7), secs(45)]);
    let error = scene.error("RATE01").await;
    assert_eq!(error.exit().code(), 5);
}

#[tokio::test]
async fn a_secondary_limit_waits_twice_as_long_each_time_and_halves_the_rate() {
    let scene = scene([secondary(), secondary(), Reply::json("[]")]);
    assert_eq!(scene.stats().concurrency, 4);
    let log = captured(async {
        scene.page().await;
    })
    .await;
    assert_eq!(scene.clock.waited(), secs(60 + 120));
    assert_eq!(scene.stats().concurrency, 2, "4, 2, 1, and the page that came doubles it");
    let told = "WARN [RATE02] `https://api.example` throttles `env TOKEN` · waiting 1m 0s";
    assert!(log.starts_with(told), "{log}");
}

#[tokio::test]
async fn a_secondary_limit_that_stays_ends_the_run() {
    let scene = scene((0..6).map(|_| secondary()));
    let error = scene.error("RATE02").await;
    assert_eq!((error.scope(), error.exit().code(), scene.requests()), (Scope::Run, 5, 6));
    assert_eq!(scene.clock.waited(), secs(60 + 120 + 240 + 480 + 960));
}

#[tokio::test]
async fn a_throttled_page_never_reads_as_forbidden_or_empty() {
    let scene = scene([secondary(), Reply::json("[1]")]);
    let mut request = get();
    request.expect.empty = vec![singer_http::StatusCode::FORBIDDEN];
    let page = scene.send(&request).await.unwrap();
    assert!(!page.empty);
}

#[tokio::test]
async fn without_rules_a_429_with_retry_after_is_waited_out_and_halves_the_rate() {
    let later = Reply::status(429).header("retry-after", "30");
    let scene = scene_with([later, Reply::json("[]")], |spec| {
        spec.rules = singer_http::Rules::PLAIN;
    });
    scene.page().await;
    assert_eq!((scene.clock.waited(), scene.stats().concurrency), (secs(31), 2));
}

#[tokio::test]
async fn clean_answers_raise_the_rate_to_the_cap() {
    let scene = scene_with((0..9).map(|_| Reply::json("[]")), |spec| spec.concurrency = 6);
    for _ in 0..9 {
        scene.page().await;
    }
    assert_eq!(scene.stats().concurrency, 6);
}
