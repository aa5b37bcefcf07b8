//! The part of a day's requests that may be used.

use singer_http::{Allowance, HeaderMap, Share, Usage};

use super::*;

/// As `used/limit` in a header.
fn told(headers: &HeaderMap) -> Option<Usage> {
    let (used, limit) = headers.get("usage")?.to_str().ok()?.split_once('/')?;
    Some(Usage { used: used.parse().ok()?, limit: limit.parse().ok()? })
}

fn of(used: impl IntoIterator<Item = u64>) -> Scene {
    let page = |used| Reply::json("[]").header("usage", &format!("{used}/1000"));
    scene_with(used.into_iter().map(page), |spec| {
        let [total, run] =
            [(80.0, "total"), (0.5, "run")].map(|(percent, setting)| Share { percent, setting });
        spec.allowance = Some(Allowance { told, total, run });
    })
}

#[tokio::test]
async fn nothing_is_sent_once_the_share_of_all_is_used() {
    let scene = of([799]);
    scene.page().await;
    let next = of([799, 800]);
    next.page().await;
    next.page().await;
    let error = next.error("RATE08").await;
    assert_eq!((next.requests(), error.exit().code()), (2, 5));
    let text = error.to_string();
    assert!(
        text.contains("800 of the 1000 requests") && text.contains("`total` is 80 %"),
        "{text}"
    );
}

#[tokio::test]
async fn a_run_has_a_share_of_its_own_in_which_held_requests_count() {
    let scene = of([1, 2, 3, 4, 5]);
    for _ in 0..5 {
        scene.page().await;
    }
    let text = scene.error("RATE08").await.to_string();
    assert!(text.contains("this run has sent 5 of the 1000") && text.contains("`run`"), "{text}");
    let scene = of([1]);
    scene.page().await;
    scene.client.count(4);
    scene.error("RATE08").await;
}
