//! Bodies that are no pages.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use singer_http::testing::Reply;
use singer_http::{BodyFault, BodyKind, Kind, Request};

use super::*;

fn page() -> String {
    let rows: Vec<_> = (0..40).map(|n| format!("{{\"id\":{n},\"t\":\"[{n}]\"}}")).collect();
    format!("[{}]", rows.join(","))
}

pub(crate) fn gzip(body: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zipped(body: &str) -> Reply {
    Reply::json(gzip(body)).header("content-encoding", "gzip")
}

/// A request that is not repeated, so that one reply decides.
async fn once(reply: Reply) -> Result<Response, Error> {
    scene([reply]).send(&Request { repeatable: false, ..get() }).await
}

#[tokio::test]
async fn a_compressed_page_is_read() {
    let scene = scene([zipped(&page())]);
    assert_eq!(scene.page().await.body, page().as_bytes());
    let stats = scene.stats();
    assert_eq!(stats.wire as usize, gzip(&page()).len());
    assert_eq!(stats.decoded as usize, page().len());
}

#[tokio::test]
async fn a_page_cut_at_any_byte_never_passes_for_one() {
    let plain = || Reply::json(page());
    let sizes = [page().len(), gzip(&page()).len()];
    for (kind, make) in [("plain", &plain as &dyn Fn() -> Reply), ("gzip", &|| zipped(&page()))] {
        assert!(once(make().unsized_body()).await.is_ok());
        for at in 0..sizes[usize::from(kind == "gzip")] {
            for (how, reply) in [
                ("reset", make().cut_at(at)),
                ("reset, chunked", make().unsized_body().cut_at(at)),
                ("short of its length", make().end_at(at)),
                ("closed", make().unsized_body().end_at(at)),
            ] {
                let error = once(reply).await.err();
                // Nothing but parsing tells this one from a whole text.
                let closed = kind == "plain" && how == "closed" && page()[..at].ends_with(']');
                let id = error.as_ref().map_or("a page", Error::id);
                if closed && error.is_none() {
                    continue;
                }
                assert!(matches!(id, "BODY01" | "BODY02" | "BODY04"), "{kind} {how} {at}: {id}");
            }
        }
    }
}

#[tokio::test]
async fn a_broken_body_is_asked_for_three_times() {
    let cut = || Reply::json(page()).cut_at(100);
    let good = scene([cut(), cut(), Reply::json(page())]);
    assert_eq!(good.page().await.body, page().as_bytes());
    let bad = scene([cut(), cut(), cut()]);
    let error = bad.error("BODY01").await;
    let expected = Some(page().len() as u64);
    assert_eq!(error.kind(), &Kind::Body(BodyFault::Short { got: 100, expected }));
    assert_eq!(bad.requests(), 3);
}

#[tokio::test]
async fn html_nothing_and_foreign_encodings_are_no_pages() {
    let check = async |reply: Reply, id: &str, words: &str| {
        let error = once(reply).await.unwrap_err();
        assert_eq!(error.id(), id, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let html = "<!doctype html><title>Sign\u{1b} in</title><p>secret-body";
    check(Reply::status(200).body(html), "BODY03", r"a page titled `Sign\u{1b} in`").await;
    check(Reply::json(""), "BODY04", "nothing instead of JSON").await;
    check(zipped(""), "BODY04", "nothing instead of JSON").await;
    check(Reply::status(204), "BODY04", "without a page").await;
    check(Reply::json("x").header("content-encoding", "br"), "BODY03", "encoded as `br`").await;
    check(zipped("<html>"), "BODY03", "not JSON").await;
    let mut wrong = gzip(&page());
    let last = wrong.len() - 1;
    wrong[last] ^= 1;
    let wrong = Reply::json(wrong).header("content-encoding", "gzip");
    check(wrong, "BODY01", "damaged").await;
}

#[tokio::test]
async fn an_answer_over_its_cap_stops_the_stream_at_once() {
    let check = async |reply: Reply, words: &str| {
        let scene = scene_with([reply], |spec| {
            spec.caps.wire = 50_000;
            spec.caps.decoded = 1_500_000;
            spec.caps.head = 2_000;
        });
        let error = scene.error("CAP02").await;
        assert_eq!((error.scope(), error.exit().code()), (singer_http::Scope::Stream, 7));
        assert!(error.to_string().contains(words), "{error}");
    };
    let long = "[1]".repeat(20_000);
    check(Reply::json(long.clone()), "bytes on the wire").await;
    check(Reply::json(long).unsized_body(), "bytes on the wire").await;
    check(zipped(&" ".repeat(1_400_000)), "more than any honest page").await;
    let mixed: String = (0..300_000).map(|n| format!("{:04x}", n % 4096)).collect();
    check(zipped(&mixed.repeat(2)), "decompressed bytes").await;
    check(Reply::json("[]").header("x-long", &"x".repeat(2_000)), "headers").await;
}

#[tokio::test]
async fn an_errors_body_is_read_only_as_far_as_it_helps() {
    let huge = format!("secondary rate limit {}", "x".repeat(1 << 20));
    let scene = scene([Reply::status(403).body(huge), Reply::json("[]")]);
    scene.page().await;
    assert!(scene.stats().wire < 70_000);
    let zipped = Reply::status(403)
        .body(gzip("You have exceeded a secondary rate limit"))
        .header("content-encoding", "gzip");
    let scene = super::scene([zipped.cut_at(40), Reply::status(403).body("no")]);
    scene.error("PERM01").await;
}

#[tokio::test]
async fn a_body_of_any_kind_is_left_as_it_is() {
    let scene = scene([Reply::status(200).body("<html>"), Reply::status(200)]);
    let mut request = get();
    request.expect.body = BodyKind::Any;
    assert_eq!(scene.send(&request).await.unwrap().body, b"<html>");
    assert_eq!(scene.send(&request).await.unwrap().body, b"");
}
