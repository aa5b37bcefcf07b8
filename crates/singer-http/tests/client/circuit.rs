//! A server that fails again and again.

use singer_http::testing::{Reply, captured};
use singer_http::{Deadlines, Scope};

use super::*;

/// Requests until the first that ends in this error; each before it ends in `NET02`.
async fn until(scene: &Scene, id: &str) -> Error {
    for _ in 0..100 {
        let error = scene.send(&get()).await.unwrap_err();
        if error.id() == id {
            return error;
        }
        assert_eq!(error.id(), "API02", "{error}");
    }
    panic!("it is never given up");
}

#[tokio::test]
async fn it_is_left_alone_for_half_a_minute_each_time_and_given_up_the_fifth() {
    let scene = scene((0..200).map(|_| Reply::status(500)));
    let log = captured(async {
        let error = until(&scene, "NET05").await;
        assert_eq!((error.scope(), error.exit().code()), (Scope::Run, 4));
        assert!(error.to_string().contains("`https://api.example` fails again"), "{error}");
    })
    .await;
    let pauses: Vec<_> = log.lines().filter(|line| line.contains("[NET05]")).collect();
    assert_eq!(pauses.len(), 4, "{log}");
    let told = "WARN [NET05] `https://api.example` fails again and again · waiting ";
    assert!(pauses.iter().all(|line| line.starts_with(told)), "{log}");
    assert_eq!(scene.requests(), 100 + 4, "500 tokens at 5 each, then one probe a pause");
    let known = scene.error("NET05").await;
    assert_eq!((known.site().attempts, scene.requests()), (0, 104));
}

#[tokio::test]
async fn a_timeout_costs_double() {
    let scene = scene_with((0..200).map(|_| Reply::silence()), |spec| {
        spec.deadlines = Deadlines { first_byte: secs(1), ..Deadlines::default() };
    });
    for _ in 0..100 {
        if scene.send(&get()).await.unwrap_err().id() == "NET05" {
            break;
        }
    }
    assert_eq!(scene.requests(), 50 + 4);
}

#[tokio::test]
async fn it_recovers() {
    let failures = (0..100).map(|_| Reply::status(500));
    let scene = scene(failures.chain((0..4).map(|_| Reply::json("[]"))));
    for _ in 0..12 {
        scene.error("API02").await;
    }
    // The last four failures of the hundred belong to the page that comes.
    for _ in 0..4 {
        scene.page().await;
    }
    let sent = scene.transport.sent();
    assert_eq!(sent[100].at - sent[99].at, secs(30));
    let by = scene.stats().waits_by;
    assert_eq!(by.iter().find(|by| by.id == "NET05").unwrap().waits, 1);
}

#[tokio::test]
async fn refusals_and_limits_say_nothing_against_a_server() {
    let refused = (0..250).map(|_| Reply::status(403));
    let scene = scene(refused.chain([Reply::json("[]")]));
    for _ in 0..250 {
        scene.error("PERM01").await;
    }
    scene.page().await;
    assert!(scene.clock.waits().is_empty());
}
