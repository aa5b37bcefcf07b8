mod events;
mod followers;
mod items;
mod lists;
mod refusals;
mod routes;
mod rows;
mod windows;

use std::time::Duration;

use serde_json::{Value, json};
use singer_http::testing::Reply;

use crate::outcome::Outcome;
use crate::pagination::LinkHeader;
use crate::partition::Partition;
use crate::replication::Since;
use crate::stream::Stream;
use crate::testing::{Ran, VERSION, hour_of, page, stream, sync, sync_with};

fn next(rows: &[(u64, u64)], link: &str) -> Reply {
    Reply::json(page(rows)).header("link", &format!("<{link}>; rel=\"next\""))
}

fn last(rows: &[(u64, u64)]) -> Reply {
    Reply::json(page(rows))
}

fn ids(ran: &Ran, stream: &str) -> Vec<u64> {
    ran.column(stream, "id").iter().filter_map(Value::as_u64).collect()
}

fn bookmark(hour: u64) -> Value {
    json!({"replication_key": "at", "replication_key_value": hour_of(hour), "intervals": []})
}

/// Accounts, each with orders of its own.
fn accounts_and_orders() -> Vec<Stream> {
    vec![
        stream("accounts").get("/accounts").child_context([("account", "id")]),
        stream("orders")
            .child_of("accounts", ["account"])
            .get("/accounts/{account}/orders")
            .incremental("at", Since::Param("since")),
    ]
}

#[tokio::test]
async fn an_ascending_stream_resumes_at_its_bookmark_inclusive() {
    let orders = stream("orders").get("/orders").incremental("at", Since::Param("since"));
    let ran =
        sync(vec![orders], json!({"orders": bookmark(5)}), vec![last(&[(1, 5), (2, 6)])]).await;
    assert_eq!(ran.asked, ["/v1/orders?since=2026-11-24T05%3A00%3A00Z"]);
    assert_eq!(ids(&ran, "orders"), [1, 2]);
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(6)}));
}

#[tokio::test]
async fn newest_first_stops_below_its_bookmark() {
    let orders =
        stream("orders").get("/orders").incremental("at", Since::StopAt).paginate(LinkHeader);
    let replies =
        vec![next(&[(9, 9), (8, 8)], "/v1/orders?p=2"), next(&[(5, 5), (4, 4)], "/v1/orders?p=3")];
    let ran = sync(vec![orders], json!({"orders": bookmark(5)}), replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 8, 5]);
    assert_eq!(ran.asked.len(), 2, "the third page is not asked for");
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(9)}));
}

#[tokio::test]
async fn what_a_cut_run_read_newest_first_is_kept_as_an_interval() {
    let orders =
        || stream("orders").get("/orders").incremental("at", Since::StopAt).paginate(LinkHeader);
    let broken = Reply::status(422).body("{}");
    let replies = vec![
        next(&[(9, 9), (8, 8)], "/v1/orders?p=2"),
        next(&[(7, 7), (6, 6)], "/v1/orders?p=3"),
        broken,
    ];
    let ran = sync(vec![orders()], json!({}), replies).await;
    let cut = json!({"orders": {
        "replication_key": "at", "replication_key_value": null,
        "intervals": [[hour_of(7), hour_of(9)]]}});
    assert_eq!(ran.bookmarks(), cut);

    let replies = vec![next(&[(9, 9), (8, 8), (7, 7)], "/v1/orders?p=2"), last(&[(6, 6), (5, 5)])];
    let ran = sync(vec![orders()], cut, replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 6, 5], "what the interval covers is not emitted again");
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(9)}));
}

#[tokio::test]
async fn every_child_partition_has_a_bookmark_of_its_own() {
    let state = json!({"orders": {"partitions": {"1": bookmark(3), "7": bookmark(1)}}});
    let replies = vec![last(&[(1, 0), (2, 0)]), last(&[(10, 4)]), last(&[(20, 5)])];
    let ran = sync(accounts_and_orders(), state, replies).await;
    assert_eq!(
        ran.asked,
        [
            "/v1/accounts",
            "/v1/accounts/1/orders?since=2026-11-24T03%3A00%3A00Z",
            "/v1/accounts/2/orders"
        ]
    );
    let partitions = json!({"1": bookmark(4), "2": bookmark(5), "7": bookmark(1)});
    assert_eq!(ran.bookmarks(), json!({"orders": {"partitions": partitions}}));
}

#[tokio::test]
async fn a_missing_partition_is_skipped_and_the_others_go_on() {
    let state = json!({"orders": {"partitions": {"1": bookmark(3)}}});
    let gone = || Reply::status(404).body("{}");
    let replies = vec![last(&[(1, 0), (2, 0)]), gone(), gone(), last(&[(20, 5)])];
    let ran = sync(accounts_and_orders(), state, replies).await;
    assert_eq!(ids(&ran, "orders"), [20]);
    assert_eq!(ran.outcome, Outcome::Partial);
    let partitions = json!({"1": bookmark(3), "2": bookmark(5)});
    assert_eq!(ran.bookmarks(), json!({"orders": {"partitions": partitions}}));
}

#[tokio::test]
async fn a_stream_that_fails_whole_ends_the_run_by_its_own_reason() {
    let broken = || Reply::json(r#"[{"id": 1"#);
    let replies = vec![broken(), broken(), broken(), broken(), broken()];
    let ran = sync(vec![stream("orders").get("/orders")], json!({}), replies).await;
    assert_eq!((ran.outcome, ids(&ran, "orders").len()), (Outcome::Unavailable, 0));
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_asked_for_again_and_taken_once() {
    let broken = Reply::json(r#"[{"id": 1, "at": null}, {"id": 2 "at": null}]"#);
    let ran = sync(
        vec![stream("orders").get("/orders")],
        json!({}),
        vec![broken, last(&[(1, 1), (2, 2)])],
    )
    .await;
    assert_eq!((ran.outcome, ids(&ran, "orders")), (Outcome::Ok, vec![1, 2]));
}

#[tokio::test]
async fn a_status_is_an_empty_page_only_where_the_stream_says_so() {
    let orders = || stream("orders").get("/orders");
    let conflict = || Reply::status(409).body("{}");
    let ran = sync(vec![orders().empty_on([409])], json!({}), vec![conflict()]).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    let replies = std::iter::repeat_with(conflict).take(20).collect();
    let ran = sync(vec![orders()], json!({}), replies).await;
    assert_ne!(ran.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_record_without_its_key_goes_to_the_rejects_before_the_state() {
    let body = r#"[{"id": 1}, {"id": null, "name": "x"}, {"name": "y"}]"#;
    let ran = sync(vec![stream("orders").get("/orders")], json!({}), vec![Reply::json(body)]).await;
    assert_eq!(ids(&ran, "orders"), [1]);
    assert_eq!(ran.outcome, Outcome::Partial);
    let rejects = "tap_test_rejects";
    assert_eq!(
        ran.column(rejects, "reason"),
        [json!("a key field is null"), json!("a key field is missing")]
    );
    assert_eq!(ran.column(rejects, "pointer"), [json!("/id"), json!("/id")]);
    assert_eq!(ran.column(rejects, "record")[0], json!(r#"{"id":null,"name":"x"}"#));
}

#[tokio::test]
async fn partitions_of_several_routes_are_each_read_once() {
    let by = |name: &str, values: &[&str]| -> Vec<Partition> {
        values.iter().map(|value| Partition::named([(name, *value)])).collect()
    };
    let orders = stream("orders")
        .get("/orders/{order}")
        .single()
        .partitions(by("order", &["a", "a"]))
        .get("/shops/{shop}/orders")
        .partitions(by("shop", &["s"]));
    let replies = vec![Reply::json(r#"{"id": 1}"#), Reply::json(page(&[(2, 2)]))];
    let ran = sync(vec![orders], json!({}), replies).await;
    assert_eq!(ran.asked, ["/v1/orders/a", "/v1/shops/s/orders"]);
    assert_eq!(ids(&ran, "orders"), [1, 2]);
}

#[tokio::test]
async fn a_run_begins_with_schemas_and_a_state_and_ends_with_a_state() {
    let ran = sync(vec![stream("orders").get("/orders")], json!({}), vec![last(&[(1, 1)])]).await;
    let kinds: Vec<&str> =
        ran.messages.iter().filter_map(|message| message["type"].as_str()).collect();
    assert_eq!(kinds, ["SCHEMA", "STATE", "RECORD", "STATE"]);
}

#[tokio::test]
async fn a_partition_that_is_configured_no_more_keeps_its_bookmark_for_a_while() {
    let shops = |values: &[&str]| -> Vec<Partition> {
        values.iter().map(|value| Partition::named([("shop", *value)])).collect()
    };
    let orders = stream("orders")
        .get("/shops/{shop}/orders")
        .partitions(shops(&["new"]))
        .incremental("at", Since::Param("since"));
    let state = json!({"orders": {"partitions": {"old": bookmark(3)}}});
    let ran = sync(vec![orders], state, vec![last(&[(1, 4)])]).await;
    assert_eq!(
        ran.bookmarks()["orders"]["partitions"],
        json!({"new": bookmark(4), "old": bookmark(3)})
    );
    let absent = &ran.messages.last().expect("a STATE")["value"]["tap"]["absent"];
    assert_eq!(absent, &json!({"orders": {"old": "2026-11-25"}}));
}

#[test]
fn two_routes_may_not_name_their_partitions_alike() {
    let orders = stream("orders")
        .get("/orders/{order}")
        .partitions(vec![Partition::named([("order", "a")])])
        .get("/shops/{shop}/orders")
        .partitions(vec![Partition::named([("shop", "a")])]);
    let settings = serde_json::from_value(json!({})).expect("all settings are optional");
    let refused = crate::plan::Plan::new(vec![orders], None, &settings).err().expect("a refusal");
    assert_eq!(refused.outcome(), Outcome::Usage);
}

#[tokio::test]
async fn lookback_moves_the_query_and_not_the_bookmark() {
    let orders = stream("orders")
        .get("/orders")
        .incremental("at", Since::UnorderedParam("since"))
        .lookback(Duration::from_secs(7_200));
    let ran = sync(vec![orders], json!({"orders": bookmark(5)}), vec![last(&[(1, 4)])]).await;
    assert_eq!(ran.asked, ["/v1/orders?since=2026-11-24T03%3A00%3A00Z"]);
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(5)}));
}

#[tokio::test]
async fn lag_keeps_the_bookmark_behind_the_servers_clock() {
    let orders = stream("orders")
        .get("/orders")
        .incremental("at", Since::Param("since"))
        .lag(Duration::from_secs(3 * 3_600));
    let page = last(&[(1, 4), (2, 23)]).header("date", "Tue, 24 Nov 2026 23:30:00 GMT");
    let ran = sync(vec![orders], json!({}), vec![page]).await;
    let value = &ran.bookmarks()["orders"]["replication_key_value"];
    assert_eq!(value, "2026-11-24T20:30:00Z");
}

#[tokio::test]
async fn one_bad_partition_does_not_keep_the_others_from_being_read() {
    let refused = || Reply::status(422).body("{}");
    let replies = vec![last(&[(1, 0), (2, 0)]), refused(), last(&[(20, 5)])];
    let ran = sync(accounts_and_orders(), json!({}), replies).await;
    assert_eq!((ids(&ran, "orders"), ran.outcome), (vec![20], Outcome::Partial));
}

#[tokio::test]
async fn a_stream_ends_after_five_bad_partitions_in_a_row() {
    let refused = || Reply::status(422).body("{}");
    let accounts: Vec<(u64, u64)> = (1..=9).map(|id| (id, 0)).collect();
    let mut replies = vec![last(&accounts)];
    replies.extend(std::iter::repeat_with(refused).take(5));
    let ran = sync(accounts_and_orders(), json!({}), replies).await;
    assert_eq!((ran.asked.len(), ran.outcome), (6, Outcome::Partial), "the accounts were read");
}

#[tokio::test]
async fn a_partition_that_two_parents_records_name_is_read_once() {
    let replies = vec![last(&[(1, 0), (1, 0)]), last(&[(10, 4)])];
    let ran = sync(accounts_and_orders(), json!({}), replies).await;
    assert_eq!(ran.asked, ["/v1/accounts", "/v1/accounts/1/orders"]);
}

#[tokio::test]
async fn a_page_larger_than_the_room_in_flight_still_passes() {
    let name = "x".repeat(200_000);
    let body = json!([{"id": 1, "name": name}, {"id": 2, "name": name}]).to_string();
    let orders = stream("orders").get("/orders").paginate(LinkHeader);
    let big = || Reply::json(body.clone());
    let first = big().header("link", "</v1/orders?p=2>; rel=\"next\"");
    let settings = json!({"concurrency": 1, "max_bytes_in_flight": 65_536});
    let ran = sync_with(settings, vec![orders], json!({}), vec![first, big()]).await;
    assert_eq!((ids(&ran, "orders"), ran.outcome), (vec![1, 2, 1, 2], Outcome::Ok));
}

#[tokio::test]
async fn what_a_rejected_parent_hides_is_not_forgotten() {
    let state = json!({"orders": {"partitions": {"7": bookmark(3)}}});
    let replies = vec![Reply::json(r#"[{"id": null}]"#)];
    let ran = sync(accounts_and_orders(), state, replies).await;
    assert_eq!(ran.outcome, Outcome::Partial);
    assert_eq!(ran.messages.last().expect("a STATE")["value"]["tap"]["absent"], Value::Null);
}

#[tokio::test]
async fn an_unselected_parent_hands_down_its_partitions_without_a_request_where_it_may() {
    let by_name = |skip: bool| {
        let shops = stream("shops")
            .get("/shops/{shop}")
            .single()
            .partitions(vec![Partition::named([("shop", "s")])])
            .child_context([("shop", "name")])
            .selected_by_default(false)
            .skip_unselected(skip);
        vec![shops, stream("orders").child_of("shops", ["shop"]).get("/shops/{shop}/orders")]
    };
    let ran = sync(by_name(true), json!({}), vec![last(&[(1, 1)])]).await;
    assert_eq!(ran.asked, ["/v1/shops/s/orders"]);
    let shop = Reply::json(r#"{"id": 1, "name": "S"}"#);
    let ran = sync(by_name(false), json!({}), vec![shop, last(&[(1, 1)])]).await;
    assert_eq!(ran.asked, ["/v1/shops/s", "/v1/shops/S/orders"]);
    assert_eq!(ran.column("shops", "id"), [] as [Value; 0]);
}

#[tokio::test]
async fn a_status_that_a_stream_tolerates_is_no_failure_and_leaves_the_bookmark() {
    let alerts = |statuses: &[u16]| {
        let accounts = ["a", "b"].map(|name| Partition::named([("account", name)]));
        let alerts = stream("alerts")
            .get("/{account}/alerts")
            .partitions(accounts.to_vec())
            .incremental("at", Since::Param("since"))
            .paginate(LinkHeader);
        vec![if statuses.is_empty() { alerts } else { alerts.tolerate([403, 404, 429]) }]
    };
    let bookmarks = json!({"alerts": {"partitions": {"a": bookmark(5)}}});
    let check = async |statuses: &[u16], replies: Vec<Reply>, outcome, told: &str| {
        let ran = sync(alerts(statuses), bookmarks.clone(), replies).await;
        assert_eq!(ran.outcome, outcome, "{told}");
        assert_eq!(ran.bookmarks()["alerts"]["partitions"]["a"], bookmark(5), "{told}");
    };
    let forbidden = || Reply::status(403);
    let off = vec![forbidden(), last(&[(1, 6)])];
    check(&[403], off.clone(), Outcome::Ok, "a feature that is off").await;
    check(&[], off, Outcome::Partial, "the same, where the stream does not say so").await;
    let gone = || Reply::status(404);
    let absent = vec![gone(), last(&[(1, 6)])];
    check(&[403], absent, Outcome::Ok, "a list that is not there, asked for once").await;
    let first = || next(&[(1, 5)], "/v1/a/alerts?page=2");
    let cut = vec![first(), forbidden(), last(&[(1, 6)])];
    check(&[403], cut, Outcome::Partial, "a later page").await;
    let lost = vec![first(), gone(), gone(), last(&[(1, 6)])];
    check(&[403], lost, Outcome::Partial, "a later page that is not there, asked for twice").await;
    let limited = vec![Reply::status(429), last(&[(1, 5)]), last(&[(2, 6)])];
    let ran = sync(alerts(&[403]), bookmarks.clone(), limited).await;
    assert_eq!((ran.outcome, ids(&ran, "alerts")), (Outcome::Ok, vec![1, 2]), "a limit");
}

#[tokio::test]
async fn lookback_goes_no_further_than_where_the_stream_began() {
    let orders = stream("orders")
        .get("/orders")
        .incremental("at", Since::StopAt)
        .lookback(Duration::from_secs(4 * 3_600));
    let begun = json!({"replication_key": "at", "replication_key_value": hour_of(8),
        "intervals": [], "start": hour_of(6)});
    let replies = vec![last(&[(9, 9), (7, 7), (5, 5)])];
    let ran = sync(vec![orders], json!({"orders": begun}), replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 7]);
    assert_eq!(ran.bookmarks()["orders"]["start"], hour_of(6));
}
