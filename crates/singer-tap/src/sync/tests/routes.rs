//! Several ways to the records of one stream.

use singer_http::{BoxFuture, Request};
use singer_protocol::Frame;

use super::*;
use crate::error::Error;
use crate::sink::PageSink;
use crate::source::{Scan, Source};

fn by(name: &str, values: &[&str]) -> Vec<Partition> {
    values.iter().map(|value| Partition::named([(name, *value)])).collect()
}

#[tokio::test]
async fn a_record_that_two_partitions_hold_is_written_once_and_both_are_read() {
    let check = async |stream: Stream, second: &[(u64, u64)], written: &[u64]| {
        let orders = stream
            .get("/shops/{shop}/orders")
            .partitions(by("shop", &["a"]))
            .get("/towns/{town}/orders")
            .partitions(by("town", &["b"]))
            .incremental("at", Since::Reread);
        let ran = sync(vec![orders], json!({}), vec![last(&[(1, 1), (2, 2)]), last(second)]).await;
        assert_eq!((ids(&ran, "orders"), ran.outcome), (written.to_vec(), Outcome::Ok));
        let partitions = &ran.bookmarks()["orders"]["partitions"];
        assert_eq!(*partitions, json!({"a": bookmark(2), "b": bookmark(second[0].1)}));
    };
    check(stream("orders").once(), &[(2, 2)], &[1, 2]).await;
    check(stream("orders").once(), &[(2, 2), (3, 1), (3, 1)], &[1, 2, 3]).await;
    check(stream("orders").once(), &[(2, 5)], &[1, 2, 2]).await;
    check(stream("orders"), &[(2, 2)], &[1, 2, 2]).await;
}

#[tokio::test]
async fn a_record_that_is_not_picked_is_neither_written_nor_read_for_children() {
    let accounts = stream("accounts")
        .get("/towns/{town}/accounts")
        .pick(["name", "none"], |values| values[0] != "closed" && values[1].is_null())
        .partitions(by("town", &["t"]))
        .get("/accounts/{account}")
        .single()
        .partitions(by("account", &["3"]))
        .child_context([("account", "id")]);
    let orders = stream("orders").child_of("accounts", ["account"]).get("/{account}/orders");
    let town = json!([{"id": 1, "name": "open"}, {"id": 2, "name": "closed"}]).to_string();
    let one = json!({"id": 3, "name": "closed"}).to_string();
    let replies = vec![Reply::json(town), last(&[]), Reply::json(one), last(&[])];
    let ran = sync(vec![accounts, orders], json!({}), replies).await;
    assert_eq!(ids(&ran, "accounts"), [1, 3], "the other route takes all");
    let asked = ["/v1/towns/t/accounts", "/v1/1/orders", "/v1/accounts/3", "/v1/3/orders"];
    assert_eq!(ran.asked, asked);
}

/// Asks twice, with the partition's name.
struct Twice;

impl Source for Twice {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            for part in ["x", "y"] {
                let mut url = scan.client.base().clone();
                url.set_path(&format!("/v1/own/{part}"));
                let response = scan.client.send(&Request::get(url)).await?;
                pages.push(&response, &Frame::default()).await?;
            }
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_route_may_be_read_by_a_source_of_the_taps_own() {
    let orders = stream("orders")
        .get("/shops/{shop}/orders")
        .partitions(by("shop", &["a"]))
        .via(Twice)
        .partitions(by("search", &["b"]));
    let replies = vec![last(&[(1, 1)]), last(&[(2, 2)]), last(&[(3, 3)])];
    let ran = sync(vec![orders], json!({}), replies).await;
    assert_eq!(ran.asked, ["/v1/shops/a/orders", "/v1/own/x", "/v1/own/y"]);
    assert_eq!(ids(&ran, "orders"), [1, 2, 3]);
}
