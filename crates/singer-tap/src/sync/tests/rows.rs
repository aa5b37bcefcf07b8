//! Answers that are neither a list of records nor one.

use serde_json::{Value, json};
use singer_http::testing::Reply;
use singer_protocol::{filter, transform};

use crate::outcome::Outcome;
use crate::stream::Stream;
use crate::testing::{stream, sync};

/// Reads a stream over one answer; what is written of `field`.
async fn check(stream: Stream, reply: Reply, field: &str, written: Value) {
    let ran = sync(vec![stream], json!({}), vec![reply]).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(Value::from(ran.column("orders", field)), written);
}

fn orders() -> Stream {
    stream("orders").get("/orders")
}

#[tokio::test]
async fn members_of_an_object_are_records() {
    let orders = orders()
        .records_at("/orders")
        .members()
        .transform([transform::rename("key", "name"), transform::rename("value", "id")]);
    let reply = Reply::json(r#"{"orders": {"one": 1, "two": 2}}"#);
    check(orders, reply, "name", json!(["one", "two"])).await;
}

#[tokio::test]
async fn each_item_of_a_list_within_an_object_is_a_record() {
    let orders = orders().each("lines").transform([transform::hoist("lines.id", "id")]);
    let body = r#"[{"name": "a", "lines": [{"id": 1}, {"id": 2}]}, {"name": "b", "lines": []}]"#;
    check(orders.clone(), Reply::json(body), "id", json!([1, 2])).await;
    check(orders, Reply::json(body), "name", json!(["a", "a"])).await;
}

#[tokio::test]
async fn a_text_that_is_no_json_is_a_record() {
    let orders = Stream::new("orders")
        .schema(r#"{"type": "object", "properties": {"html": {"type": ["null", "string"]}}}"#)
        .get("/orders")
        .text()
        .transform([transform::rename("text", "html")]);
    let reply = |kind| Reply::status(200).header("content-type", kind).body("<p>a</p>");
    check(orders.clone(), reply("application/vnd.shop.html"), "html", json!(["<p>a</p>"])).await;
    let page = reply("text/html; charset=utf-8");
    let ran = sync(vec![orders], json!({}), vec![page.clone(), page.clone(), page]).await;
    assert_eq!((ran.outcome, ran.asked.len()), (Outcome::Unavailable, 3), "a page of a proxy");
}

#[tokio::test]
async fn records_that_are_not_the_streams_are_passed_over_and_reject_nothing() {
    let orders = orders().only([filter::is("name", "b")]);
    let body = r#"[{"name": "a"}, {"id": 1, "name": "b"}, {"id": 2, "name": "a"}]"#;
    check(orders, Reply::json(body), "id", json!([1])).await;
}
