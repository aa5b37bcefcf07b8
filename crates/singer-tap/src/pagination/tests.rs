use std::future::Future;

use serde_json::json;
use singer_http::testing::Reply;

use super::*;
use crate::outcome::Outcome;
use crate::replication::Since;
use crate::testing::{page, stream, sync};

/// Reads a list with a paginator; tells what was asked for and how it ended.
async fn check(
    paginator: impl Paginator + 'static,
    records_at: &'static str,
    replies: Vec<Reply>,
    asked: &[&str],
    outcome: Outcome,
) {
    let stream = stream("rows").get("/rows").records_at(records_at).paginate(paginator);
    let ran = sync(vec![stream], json!({}), replies).await;
    assert_eq!(ran.asked, asked);
    assert_eq!(ran.outcome, outcome);
}

fn linked(rows: &[(u64, u64)], link: &str) -> Reply {
    Reply::json(page(rows)).header("link", link)
}

#[tokio::test]
async fn a_link_header_is_followed_until_there_is_none() {
    let replies = vec![
        linked(&[(1, 1)], r#"</v1/other?page=2&x=a%2Fb>; rel="next", </v1/rows>; rel="last""#),
        linked(&[(2, 2)], r#"</v1/rows>; rel="first""#),
    ];
    check(LinkHeader, "", replies, &["/v1/rows", "/v1/other?page=2&x=a%2Fb"], Outcome::Ok).await;
}

#[tokio::test]
async fn a_link_to_another_host_ends_the_run_before_anything_is_sent() {
    let replies = vec![linked(&[(1, 1)], r#"<https://evil.example/rows>; rel="next""#)];
    check(LinkHeader, "", replies, &["/v1/rows"], Outcome::Refused).await;
}

#[tokio::test]
async fn a_numbered_list_goes_on_at_its_highest_key_and_within_a_tie_by_its_link() {
    let more = |rows: &[(u64, u64)]| linked(rows, r#"</v1/by-id?page=2>; rel="next""#);
    let replies = vec![
        more(&[(1, 1), (2, 2)]),
        more(&[(2, 2), (3, 2)]),
        more(&[(4, 2), (5, 3)]),
        Reply::json(page(&[(5, 3)])),
    ];
    let stream = stream("rows")
        .get("/rows")
        .param("sort", "at")
        .incremental("at", Since::Param("since"))
        .paginate(Keyset { param: "since" });
    let ran = sync(vec![stream], json!({}), replies).await;
    assert_eq!(
        ran.asked,
        [
            "/v1/rows?sort=at",
            "/v1/rows?sort=at&since=2026-11-24T02%3A00%3A00Z",
            "/v1/by-id?page=2",
            "/v1/rows?sort=at&since=2026-11-24T03%3A00%3A00Z",
        ]
    );
    assert_eq!(ran.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_list_that_breaks_its_order_is_followed_by_its_links() {
    let more = |rows: &[(u64, u64)], to: &str| linked(rows, &format!("</v1/{to}>; rel=\"next\""));
    let replies = vec![
        more(&[(1, 1), (20, 20), (3, 3)], "two"),
        more(&[(4, 4), (5, 5)], "three"),
        Reply::json(page(&[(22, 22)])),
    ];
    let stream = stream("rows")
        .get("/rows")
        .incremental("at", Since::Param("since"))
        .paginate(Keyset { param: "since" });
    let ran = sync(vec![stream], json!({}), replies).await;
    assert_eq!(ran.asked, ["/v1/rows", "/v1/two", "/v1/three"]);
    assert_eq!(ran.column("rows", "id"), [1, 20, 3, 4, 5, 22]);
}

#[tokio::test]
async fn empty_pages_without_end_are_refused() {
    let empty = |n: u32| linked(&[], &format!("</v1/{n}>; rel=\"next\""));
    let ran = sync(
        vec![stream("rows").get("/rows").paginate(LinkHeader)],
        json!({}),
        (0..101).map(empty).collect(),
    )
    .await;
    assert_eq!((ran.outcome, ran.asked.len()), (Outcome::Refused, 101));
}

#[tokio::test]
async fn a_url_in_the_body_is_followed_until_it_is_null() {
    let replies = vec![
        Reply::json(r#"{"rows": [{"id": 1}], "next": "/v1/rows?after=1"}"#),
        Reply::json(r#"{"next": null, "rows": [{"id": 2}]}"#),
    ];
    check(NextUrl("/next"), "/rows", replies, &["/v1/rows", "/v1/rows?after=1"], Outcome::Ok).await;
}

#[tokio::test]
async fn a_cursor_that_was_promised_and_is_missing_is_no_end() {
    let cursor = || Cursor { at: "/meta/next", param: "cursor" };
    let more = r#"{"rows": [{"id": 1}], "meta": {"next": "a b"}}"#;
    let end = r#"{"rows": [], "meta": {"next": ""}}"#;
    let asked = ["/v1/rows", "/v1/rows?cursor=a+b"];
    check(cursor(), "/rows", vec![Reply::json(more), Reply::json(end)], &asked, Outcome::Ok).await;
    let missing = Reply::json(r#"{"rows": [{"id": 2}], "meta": {}}"#);
    check(cursor(), "/rows", vec![Reply::json(more), missing], &asked, Outcome::Refused).await;
}

#[tokio::test]
async fn the_last_key_goes_on_while_there_is_more() {
    let last = || LastId { has_more: "/has_more", param: "starting_after" };
    let replies = vec![
        Reply::json(r#"{"has_more": true, "data": [{"id": 7}, {"id": 5}]}"#),
        Reply::json(r#"{"has_more": false, "data": [{"id": 3}]}"#),
    ];
    let asked = ["/v1/rows", "/v1/rows?starting_after=5"];
    check(last(), "/data", replies, &asked, Outcome::Ok).await;
    let nothing = vec![Reply::json(r#"{"has_more": true, "data": []}"#)];
    check(last(), "/data", nothing, &asked[..1], Outcome::Refused).await;
}

#[tokio::test]
async fn numbers_and_offsets_go_on_until_a_page_is_not_full() {
    let number = PageNumber { param: "page", first: 1, size_param: "size", size: 2 };
    let full_then_not = || vec![Reply::json(page(&[(1, 1), (2, 1)])), Reply::json(page(&[(3, 1)]))];
    let asked = ["/v1/rows?size=2&page=1", "/v1/rows?size=2&page=2"];
    check(number, "", full_then_not(), &asked, Outcome::Ok).await;
    let offset = Offset { param: "skip", limit_param: "take", limit: 2 };
    let asked = ["/v1/rows?take=2&skip=0", "/v1/rows?take=2&skip=2"];
    check(offset, "", full_then_not(), &asked, Outcome::Ok).await;
}

#[tokio::test]
async fn a_request_that_comes_again_anywhere_ends_the_stream() {
    let next = |to: &str| linked(&[(1, 1)], &format!("</v1/{to}>; rel=\"next\""));
    let replies = vec![next("b"), next("c"), next("b")];
    check(LinkHeader, "", replies, &["/v1/rows", "/v1/b", "/v1/c"], Outcome::Refused).await;
}

fn by_cursor_and_id(replies: Vec<Reply>) -> impl Future<Output = crate::testing::Ran> {
    let stream = stream("rows").get("/rows").incremental("at", Since::Param("since"));
    let paginator = CursorAndId { cursor: "since", id: "after", limit_param: "limit", limit: 2 };
    sync(vec![stream.paginate(paginator)], json!({}), replies)
}

#[tokio::test]
async fn a_tie_that_is_larger_than_a_page_is_read_by_cursor_and_id() {
    let replies = [&[(1, 5), (2, 5)][..], &[(3, 5), (4, 5)], &[(5, 6)]];
    let ran = by_cursor_and_id(replies.map(|rows| Reply::json(page(rows))).to_vec()).await;
    let since = "since=2026-11-24T05%3A00%3A00Z";
    assert_eq!(
        ran.asked,
        [
            "/v1/rows?limit=2".to_owned(),
            format!("/v1/rows?limit=2&{since}&after=2"),
            format!("/v1/rows?limit=2&{since}&after=4"),
        ]
    );
    assert_eq!(ran.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_list_that_breaks_its_order_is_not_gone_on_with_by_its_key() {
    let replies = vec![Reply::json(page(&[(1, 5), (2, 4)]))];
    assert_eq!(by_cursor_and_id(replies).await.outcome, Outcome::Refused);
}
