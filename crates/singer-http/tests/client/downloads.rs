//! Bodies that are read piece by piece.

use singer_http::testing::Reply;
use singer_http::{BodyKind, Request};

use super::bodies::gzip;
use super::*;

fn table() -> String {
    (0..20_000).map(|n| format!("{n},row {n}\n")).collect()
}

fn csv(body: impl Into<singer_http::Bytes>) -> Reply {
    Reply::status(200).header("content-type", "text/csv").body(body)
}

fn zipped() -> Reply {
    csv(gzip(&table())).header("content-encoding", "gzip")
}

fn request() -> Request {
    let mut request = get();
    request.expect.body = BodyKind::Text;
    request
}

/// What comes of a body, and the id of the error at its end.
async fn read(scene: &Scene) -> Result<(Vec<u8>, Option<&'static str>), Error> {
    let request = request();
    let mut download = scene.client.download(&request).await?;
    let mut body = Vec::new();
    loop {
        match download.piece().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok((body, None)),
            Err(error) => return Ok((body, Some(error.id()))),
        }
    }
}

#[tokio::test]
async fn a_body_comes_in_pieces_and_is_counted() {
    for (reply, wire) in [(csv(table()), table().len()), (zipped(), gzip(&table()).len())] {
        let scene = scene([reply]);
        let (body, error) = read(&scene).await.unwrap();
        assert!(body == table().as_bytes() && error.is_none());
        let stats = scene.stats();
        assert_eq!((stats.wire, stats.decoded), (wire as u64, table().len() as u64));
    }
    let scene = scene([csv("")]);
    assert_eq!(read(&scene).await.unwrap(), (Vec::new(), None));
}

#[tokio::test]
async fn a_body_that_ends_early_or_is_damaged_says_so_after_its_last_piece() {
    let size = gzip(&table()).len();
    let mut damaged = gzip(&table());
    damaged[size / 2] ^= 0x40;
    let damaged = csv(damaged).header("content-encoding", "gzip");
    for reply in [
        zipped().cut_at(size / 2),
        zipped().unsized_body().cut_at(size / 2),
        zipped().unsized_body().end_at(size / 2),
        csv(table()).end_at(100),
        damaged,
    ] {
        let shown = format!("{reply:?}");
        let (body, error) = read(&scene([reply])).await.unwrap();
        assert!(table().as_bytes() != body, "{shown:.80}");
        assert_eq!(error, Some("BODY01"), "{shown:.80}");
    }
}

#[tokio::test]
async fn a_body_that_stalls_ends_at_the_idle_deadline() {
    let scene = scene([csv(table()).stall_at(1_000)]);
    let (body, error) = read(&scene).await.unwrap();
    assert_eq!((body.len(), error), (1_000, Some("NET02")));
}

#[tokio::test]
async fn a_bomb_is_refused_before_it_unfolds() {
    let zeros = "0".repeat(64 << 20);
    let (body, error) =
        read(&scene([csv(gzip(&zeros)).header("content-encoding", "gzip")])).await.unwrap();
    assert_eq!(error, Some("CAP02"));
    assert!(body.len() < 32 << 20, "{}", body.len());
}

#[tokio::test]
async fn the_head_is_judged_as_that_of_any_page() {
    let busy = Reply::status(503);
    let scene_of = scene([busy, csv("id\n")]);
    assert_eq!(read(&scene_of).await.unwrap().0, b"id\n");
    assert_eq!(scene_of.requests(), 2, "a 503 is tried again");
    let error = read(&scene([Reply::status(403)])).await.unwrap_err();
    assert_eq!(error.id(), "PERM01");
    let html = Reply::status(200).header("content-type", "text/html").body("<title>Login</title>");
    let error = read(&scene([html.clone(), html.clone(), html])).await.unwrap_err();
    assert_eq!(error.id(), "BODY03");
}

#[tokio::test]
async fn a_download_is_a_request_in_flight_until_it_is_dropped() {
    let scene = scene_with([csv("a"), csv("b")], |spec| spec.concurrency = 1);
    let request = request();
    let first = scene.client.download(&request).await.unwrap();
    let second = scene.client.download(&request);
    tokio::pin!(second);
    let waits = tokio::select! {
        biased;
        _ = &mut second => false,
        () = std::future::ready(()) => true,
    };
    assert!(waits);
    drop(first);
    assert_eq!(second.await.unwrap().head().status, 200);
}
