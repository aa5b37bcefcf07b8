//! Streams whose records are items of their parent's.

use super::*;

const ITEMS: &str = r#"{"type": "object", "properties": {
    "id": {"type": "integer"},
    "order": {"type": ["null", "integer"]},
    "org": {"type": ["null", "string"]}}}"#;

fn orders() -> Stream {
    stream("orders")
        .get("/orders")
        .param_for("lines", "expand", "lines")
        .param_for("name", "with", "name")
        .incremental("at", Since::StopAt)
        .paginate(LinkHeader)
        .child_context([("order", "id")])
}

fn lines() -> Stream {
    Stream::new("lines")
        .schema(ITEMS)
        .key(["id"])
        .child_of("orders", ["order"])
        .follows_parent()
        .items_of("lines", [("order", "id")])
}

/// A page of orders by id and hour, each with lines of these ids.
fn orders_page(rows: &[(u64, u64, &[u64])]) -> Reply {
    let rows: Vec<Value> = rows
        .iter()
        .map(|(id, hour, lines)| {
            let lines: Vec<Value> = lines.iter().map(|id| json!({"id": id})).collect();
            let lines = json!({"object": "list", "data": lines, "has_more": false});
            json!({"id": id, "at": hour_of(*hour), "lines": lines})
        })
        .collect();
    Reply::json(Value::from(rows).to_string())
}

fn follower(hour: u64) -> Value {
    let mut follower = bookmark(hour);
    follower["pending"] = json!([]);
    follower
}

#[tokio::test]
async fn items_are_records_of_the_child_and_need_no_request() {
    let replies = vec![orders_page(&[(9, 9, &[91, 92]), (8, 8, &[])])];
    let ran = sync(vec![orders(), lines()], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ran.asked, ["/v1/orders?expand=lines&with=name"]);
    assert_eq!(ids(&ran, "lines"), [91, 92]);
    assert_eq!(ran.column("lines", "order"), [json!(9), json!(9)]);
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(9), "lines": follower(9)}));
}

#[tokio::test]
async fn what_nobody_reads_is_not_asked_for() {
    let ran = sync(vec![orders()], json!({}), vec![orders_page(&[])]).await;
    assert_eq!(ran.asked, ["/v1/orders?with=name"], "the schema has no `lines`");
}

#[tokio::test]
async fn only_items_of_what_changed_since_the_childs_own_bookmark_are_written() {
    let state = json!({"orders": bookmark(5), "lines": follower(8)});
    let replies = vec![orders_page(&[(9, 9, &[91]), (8, 8, &[81]), (7, 7, &[71]), (4, 4, &[41])])];
    let ran = sync(vec![orders(), lines()], state, replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 8, 7]);
    assert_eq!(ids(&ran, "lines"), [91, 81]);
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(9), "lines": follower(9)}));
}

#[tokio::test]
async fn no_bookmark_passes_the_items_of_a_page_that_was_not_read() {
    let cut = Reply::status(422).body("{}");
    let first = orders_page(&[(9, 9, &[91]), (8, 8, &[]), (7, 7, &[])]);
    let first = first.header("link", "</v1/orders?p=2>; rel=\"next\"");
    let ran = sync(vec![orders(), lines()], json!({}), vec![first, cut]).await;
    assert_eq!(ids(&ran, "lines"), [91]);
    assert_eq!(ran.bookmarks()["lines"]["replication_key_value"], Value::Null);
    assert_eq!(ran.bookmarks()["lines"]["intervals"], json!([[hour_of(8), hour_of(9)]]));
}

#[tokio::test]
async fn an_item_without_its_key_is_rejected_and_the_others_are_kept() {
    let page =
        r#"[{"id": 9, "at": "2026-11-24T09:00:00Z", "lines": [{"id": 91}, {"id": null}, 7]}]"#;
    let ran = sync(vec![orders(), lines()], json!({}), vec![Reply::json(page)]).await;
    assert_eq!(ran.outcome, Outcome::Partial);
    assert_eq!(ids(&ran, "lines"), [91]);
    assert_eq!(ran.column("tap_test_rejects", "stream"), [json!("lines"), json!("lines")]);
}
