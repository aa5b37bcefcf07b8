use serde_json::{Value, json};
use singer_http::testing::Reply;

use crate::outcome::Outcome;
use crate::replication::Since;
use crate::stream::Stream;
use crate::testing::{Ran, hour_of, stream, sync};

use super::{Nested, Query};

const TEXT: &str = "query Orders($first: Int!, $after: String) { orders { nodes { id } } }";
const REST: &str = "query Rest($id: ID!, $first: Int!, $after: String) { node(id: $id) { id } }";

fn orders() -> Stream {
    stream("orders").graphql(Query::new(TEXT, "/data/orders"))
}

fn newest_first() -> Stream {
    orders().incremental("at", Since::StopAt)
}

/// Rows of ids and hours.
fn rows(rows: &[(u64, u64)]) -> Value {
    rows.iter().map(|(id, hour)| json!({"id": id, "at": hour_of(*hour)})).collect()
}

fn connection(nodes: Value, next: Option<&str>) -> Value {
    json!({"nodes": nodes, "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next}})
}

fn answer(nodes: Value, next: Option<&str>) -> Reply {
    Reply::json(json!({"data": {"orders": connection(nodes, next)}}).to_string())
}

fn errors(data: Value, errors: Value) -> Reply {
    Reply::json(json!({"data": data, "errors": errors}).to_string())
}

fn bookmark(hour: u64) -> Value {
    json!({"replication_key": "at", "replication_key_value": hour_of(hour), "intervals": []})
}

fn ids(ran: &Ran) -> Vec<Value> {
    ran.column("orders", "id")
}

/// The variables of each request.
fn variables(ran: &Ran, name: &str) -> Vec<Value> {
    ran.bodies.iter().map(|body| body["variables"][name].clone()).collect()
}

#[tokio::test]
async fn a_connection_is_read_page_by_page_newest_first_down_to_the_bookmark() {
    let replies = vec![
        answer(rows(&[(9, 9), (8, 8)]), Some("b")),
        answer(rows(&[(5, 5), (4, 4)]), Some("c")),
    ];
    let ran = sync(vec![newest_first()], json!({"orders": bookmark(5)}), replies).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ids(&ran), [9, 8, 5]);
    assert_eq!(ran.asked, ["/v1/graphql", "/v1/graphql"]);
    assert_eq!(ran.bodies[0], json!({"query": TEXT, "variables": {"first": 100}}));
    assert_eq!(variables(&ran, "after"), [Value::Null, json!("b")]);
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(9)}));
}

#[tokio::test]
async fn variables_are_filled_with_the_bookmark_and_the_partition_in_their_types() {
    let query = Query::new(TEXT, "/data/orders")
        .variable("shop", "id")
        .text("search", "shop:{id} is:open")
        .constant("states", json!(["OPEN"]));
    let shops = stream("shops").get("/shops").child_context([("id", "id")]);
    let orders = stream("orders")
        .child_of("shops", ["id"])
        .graphql(query)
        .incremental("at", Since::Param("since"));
    let state = json!({"orders": {"partitions": {"7": bookmark(3)}}});
    let replies = vec![Reply::json(r#"[{"id": 7}]"#), answer(rows(&[(1, 3), (2, 4)]), None)];
    let ran = sync(vec![shops, orders], state, replies).await;
    assert_eq!(
        ran.bodies[1]["variables"],
        json!({"shop": 7, "search": "shop:7 is:open", "states": ["OPEN"], "since": hour_of(3), "first": 100})
    );
    assert_eq!(ran.bookmarks()["orders"]["partitions"]["7"], bookmark(4));
}

#[tokio::test]
async fn rows_may_be_edges_or_a_plain_list() {
    let text = json!({"data": {"orders": {
        "edges": [{"id": 1}], "pageInfo": {"hasNextPage": false, "endCursor": null}}}});
    let edges = stream("orders").graphql(Query::new(TEXT, "/data/orders").edges());
    let ran = sync(vec![edges], json!({}), vec![Reply::json(text.to_string())]).await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Ok, vec![json!(1)]));
    let list = stream("orders").graphql(Query::new("{ orders { id } }", "/data/orders").list());
    let ran = sync(vec![list], json!({}), vec![Reply::json(r#"{"data":{"orders":[{"id":2}]}}"#)]);
    let ran = ran.await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Ok, vec![json!(2)]));
    assert_eq!(ran.bodies[0]["variables"], json!({}), "a list has no pages");
}

/// The run ends so, with these many requests and rows.
async fn check(replies: Vec<Reply>, outcome: Outcome, requests: usize, rows: usize) -> Ran {
    let ran = sync(vec![orders()], json!({}), replies).await;
    assert_eq!((ran.outcome, ran.bodies.len(), ids(&ran).len()), (outcome, requests, rows));
    ran
}

#[tokio::test]
async fn a_cursor_that_comes_again_at_any_distance_ends_the_stream() {
    for length in 1..=5_usize {
        let page = |at: usize| answer(rows(&[(at as u64, 1)]), Some(&format!("c{}", at % length)));
        let replies = (0..=length).map(page).collect();
        check(replies, Outcome::Refused, length + 1, length + 1).await;
    }
}

#[tokio::test]
async fn a_page_that_does_not_say_how_it_goes_on_is_not_the_end() {
    let page = |info: Value| {
        let data = json!({"data": {"orders": {"nodes": [{"id": 1}], "pageInfo": info}}});
        vec![Reply::json(data.to_string())]
    };
    check(page(json!({"hasNextPage": false})), Outcome::Ok, 1, 1).await;
    for info in [
        json!(null),
        json!({}),
        json!({"hasNextPage": null}),
        json!({"hasNextPage": true, "endCursor": null}),
        json!({"hasNextPage": true}),
    ] {
        check(page(info), Outcome::Refused, 1, 0).await;
    }
}

#[tokio::test]
async fn empty_pages_without_end_end_the_stream() {
    let replies = (0..101).map(|at| answer(json!([]), Some(&format!("c{at}")))).collect();
    check(replies, Outcome::Refused, 101, 0).await;
}

#[tokio::test]
async fn pages_shrink_while_the_api_cannot_answer_and_stay_small() {
    let bad = || Reply::status(502).body(r#"{"data":"null"}"#);
    let slow = errors(Value::Null, json!([{"message": "We couldn't respond in time."}]));
    let replies =
        vec![bad(), bad(), slow, answer(rows(&[(1, 1)]), Some("b")), answer(rows(&[(2, 2)]), None)];
    let ran = check(replies, Outcome::Ok, 5, 2).await;
    assert_eq!(variables(&ran, "first"), [100, 100, 50, 25, 25]);
}

#[tokio::test]
async fn what_the_api_cannot_answer_with_the_smallest_pages_fails() {
    let heavy = || errors(Value::Null, json!([{"type": "MAX_NODE_LIMIT_EXCEEDED"}]));
    let replies = (0..6).map(|_| heavy()).collect();
    let ran = check(replies, Outcome::Unavailable, 6, 0).await;
    assert_eq!(variables(&ran, "first"), [100, 50, 25, 10, 10, 10]);
    // Two for each size but the smallest, which has all patience.
    let replies = (0..14).map(|_| Reply::status(504)).collect();
    check(replies, Outcome::Unavailable, 14, 0).await;
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_asked_for_again() {
    let broken = || Reply::json(r#"{"data": {"orders": }}"#);
    check(vec![broken(), answer(rows(&[(1, 1)]), None)], Outcome::Ok, 2, 1).await;
    check(vec![broken(), broken(), broken()], Outcome::Unavailable, 3, 0).await;
}

#[tokio::test]
async fn errors_in_place_of_data_are_told_apart_and_never_an_empty_page() {
    let fails = |error: Value| vec![errors(Value::Null, json!([error]))];
    let at = json!([{"line": 1, "column": 1}]);
    for (error, outcome) in [
        (json!({"type": "NOT_FOUND", "path": ["orders"]}), Outcome::Partial),
        (json!({"type": "FORBIDDEN", "path": ["orders"]}), Outcome::Partial),
        (json!({"type": "INSUFFICIENT_SCOPES", "locations": at}), Outcome::Partial),
        (json!({"message": "Field 'x' doesn't exist", "locations": at}), Outcome::Bug),
        (json!({"extensions": {"code": "UNAUTHENTICATED"}}), Outcome::Auth),
        (json!({"type": "BRAND_NEW", "message": "?"}), Outcome::Refused),
    ] {
        let ran = check(fails(error), outcome, 1, 0).await;
        assert_eq!(ran.bookmarks(), json!({}));
    }
    let gone = Reply::json(r#"{"data":{"orders":null}}"#);
    check(vec![gone], Outcome::Partial, 1, 0).await;
    let shifted = errors(json!({"orders": null}), json!([{"path": ["orders", "nodes", 1, "x"]}]));
    check(vec![shifted], Outcome::Refused, 1, 0).await;
}

#[tokio::test]
async fn a_limit_is_waited_for_a_few_times() {
    let limited = || errors(Value::Null, json!([{"type": "RATE_LIMITED", "message": "limit"}]));
    check(vec![limited(), answer(rows(&[(1, 1)]), None)], Outcome::Ok, 2, 1).await;
    check((0..5).map(|_| limited()).collect(), Outcome::Limited, 5, 0).await;
}

#[tokio::test]
async fn rows_that_come_with_errors_are_rejected_and_the_bookmark_does_not_pass_them() {
    let path = json!(["orders", "nodes", 1, "name"]);
    let partial = errors(
        json!({"orders": connection(rows(&[(7, 7), (6, 6), (5, 5)]), Some("c"))}),
        json!([{"type": "FORBIDDEN", "message": "hidden", "path": path}]),
    );
    let replies =
        vec![answer(rows(&[(9, 9), (8, 8)]), Some("b")), partial, answer(rows(&[(4, 4)]), None)];
    let ran = sync(vec![newest_first()], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Partial);
    assert_eq!(ids(&ran), [9, 8, 7, 5, 4]);
    let rejects = "tap_test_rejects";
    assert_eq!(ran.column(rejects, "reason"), ["the API sent it with an error"]);
    assert_eq!(ran.column(rejects, "pointer"), ["/name"]);
    let kept = json!({"orders": {"replication_key": "at", "replication_key_value": null,
        "intervals": [[hour_of(9), hour_of(9)]]}});
    let bookmarks = ran.bookmarks();
    assert!(bookmarks == json!({}) || bookmarks == kept, "{bookmarks}");
}

#[tokio::test]
async fn an_ascending_bookmark_stops_before_a_page_with_errors() {
    let ascending = || orders().incremental("at", Since::Param("since"));
    let partial = errors(
        json!({"orders": connection(json!([{"id": 3, "at": hour_of(3)}, null]), None)}),
        json!([{"message": "internal", "path": ["orders", "nodes", 1]}]),
    );
    let replies = vec![answer(rows(&[(1, 1), (2, 2)]), Some("b")), partial];
    let ran = sync(vec![ascending()], json!({}), replies).await;
    assert_eq!((ran.outcome, ids(&ran).len()), (Outcome::Partial, 3));
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark(2)}));
}

#[tokio::test]
async fn a_row_whose_work_is_too_much_alone_is_rejected_in_the_end() {
    let partial = || {
        errors(
            json!({"orders": connection(rows(&[(1, 1), (2, 2)]), None)}),
            json!([{"message": "timeout", "path": ["orders", "nodes", 0, "name"]}]),
        )
    };
    let replies = (0..6).map(|_| partial()).collect();
    let ran = check(replies, Outcome::Partial, 6, 1).await;
    assert_eq!(variables(&ran, "first"), [100, 50, 25, 10, 10, 10]);
}

/// A stream of rows that hold a list of children, each an object with a number.
fn with_children() -> Stream {
    let schema = r#"{"type": "object", "properties": {"id": {"type": "integer"},
        "children": {"type": ["null", "object"], "properties": {"nodes": {"type": ["null", "array"],
            "items": {"type": ["null", "integer"]}}}}}}"#;
    let nested = Nested { at: "/children", id: "/id", rest: REST, rest_at: "/data/node/children" };
    let query = Query::new(TEXT, "/data/orders").page_sizes([10, 5]).nested(nested);
    Stream::new("orders").schema(schema).key(["id"]).graphql(query)
}

/// Children from a number on, as an API gives them ten at a time.
fn children(from: usize, all: usize) -> Value {
    let to = all.min(from + 10);
    let next = to.to_string();
    connection((from..to).collect(), (to < all).then_some(next.as_str()))
}

#[tokio::test]
async fn lists_within_rows_are_complete_before_the_row_is_taken() {
    let sizes = [0, 1, 10, 11, 250];
    let nodes: Value =
        sizes.iter().map(|all| json!({"id": all, "children": children(0, *all)})).collect();
    let mut replies = vec![answer(nodes, None)];
    for all in sizes {
        for from in (10..all).step_by(10) {
            let data = json!({"data": {"node": {"children": children(from, all)}}});
            replies.push(Reply::json(data.to_string()));
        }
    }
    let ran = sync(vec![with_children()], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    let found = ran.column("orders", "children");
    for (all, found) in sizes.into_iter().zip(found) {
        assert_eq!(found["nodes"], (0..all).collect::<Value>());
    }
    assert_eq!(ran.bodies[1]["query"], REST);
    // A row's list has pages of its own size.
    let expected = json!({"id": 11, "after": "10", "first": 100});
    assert_eq!(ran.bodies[1]["variables"], expected);
}

#[tokio::test]
async fn a_row_whose_list_cannot_be_completed_is_rejected() {
    let nodes =
        json!([{"id": 1, "children": children(0, 11)}, {"id": 2, "children": children(0, 1)}]);
    let gone = || errors(json!({"node": null}), json!([{"type": "NOT_FOUND", "path": ["node"]}]));
    let null = || Reply::json(r#"{"data":{"node":null}}"#);
    let path = json!(["node", "children", "nodes", 0]);
    let bad = || {
        errors(
            json!({"node": {"children": children(10, 11)}}),
            json!([{"message": "x", "path": path}]),
        )
    };
    for (reply, pointer) in
        [(gone(), "/children"), (null(), "/children"), (bad(), "/children/nodes")]
    {
        let replies = vec![answer(nodes.clone(), None), reply];
        let ran = sync(vec![with_children()], json!({}), replies).await;
        assert_eq!((ran.outcome, ids(&ran)), (Outcome::Partial, vec![json!(2)]));
        assert_eq!(ran.column("tap_test_rejects", "pointer"), [pointer]);
    }
}

/// Lines of orders, with what is packed of each: only the order knows when it was.
fn lines() -> Stream {
    let schema = r#"{"type": "object", "properties": {"id": {"type": "integer"},
        "order": {"type": ["null", "integer"]}, "children": {"type": ["null", "object"], "properties": {
            "nodes": {"type": ["null", "array"], "items": {"type": ["null", "integer"]}}}}}}"#;
    let lines = Nested { at: "/lines", id: "/id", rest: REST, rest_at: "/data/node/lines" };
    let packed = Nested { at: "/children", id: "/id", rest: REST, rest_at: "/data/node/children" };
    let query =
        Query::new(TEXT, "/data/orders").records_in(lines, [("order", "/id")]).nested(packed);
    Stream::new("orders").schema(schema).key(["id"]).graphql(query)
}

fn line(id: u64, packed: usize) -> Value {
    json!({"id": id, "children": children(0, packed)})
}

#[tokio::test]
async fn records_within_rows_are_complete_on_both_levels() {
    let more = |node: Value| Reply::json(json!({"data": {"node": node}}).to_string());
    let nodes = json!([
        {"id": 1, "lines": connection(json!([line(11, 3)]), Some("l"))},
        {"id": 2, "lines": connection(json!([]), None)},
        {"id": 3, "lines": null},
        {"id": 4, "lines": connection(json!([line(41, 0)]), None)},
    ]);
    let ran = sync(
        vec![lines()],
        json!({}),
        vec![
            answer(nodes, None),
            more(json!({"lines": connection(json!([line(12, 11)]), None)})),
            more(json!({"children": children(10, 11)})),
        ],
    )
    .await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Ok, vec![json!(11), json!(12), json!(41)]));
    assert_eq!(ran.column("orders", "order"), [1, 1, 4]);
    let packed = ran.column("orders", "children");
    assert_eq!(packed[1]["nodes"], (0..11).collect::<Value>());
    assert_eq!(variables(&ran, "id"), [Value::Null, json!(1), json!(12)]);
}

#[tokio::test]
async fn an_error_within_a_row_rejects_its_record_or_else_the_row() {
    let nodes = json!([
        {"id": 1, "lines": connection(json!([line(11, 0), line(12, 0)]), None)},
        {"id": 2, "lines": connection(json!([line(21, 0)]), None)},
    ]);
    let at = |path: Value| {
        let path = [json!(["orders", "nodes", 0]), path].into_iter();
        path.flat_map(|part| part.as_array().cloned().unwrap_or_default()).collect::<Value>()
    };
    for (path, expected, pointer) in [
        (at(json!(["lines", "nodes", 1, "name"])), vec![11, 21], "/name"),
        (at(json!(["lines"])), vec![21], "/lines"),
    ] {
        let reply = errors(
            json!({"orders": connection(nodes.clone(), None)}),
            json!([{"message": "?", "path": path}]),
        );
        let ran = sync(vec![lines()], json!({}), vec![reply]).await;
        assert_eq!(
            (ran.outcome, ids(&ran)),
            (Outcome::Partial, expected.into_iter().map(Value::from).collect())
        );
        assert_eq!(ran.column("tap_test_rejects", "pointer"), [pointer]);
    }
}

#[tokio::test]
async fn a_row_is_given_another_shape_once_its_lists_are_whole() {
    let query = |rewrite| {
        let nested =
            Nested { at: "/children", id: "/id", rest: REST, rest_at: "/data/node/children" };
        let query = Query::new(TEXT, "/data/orders").nested(nested).rewrite(rewrite);
        with_children().graphql(query)
    };
    let replies = || {
        let rest = json!({"data": {"node": {"children": children(10, 12)}}});
        let nodes = json!([{"id": 1, "children": children(0, 12)}]);
        vec![answer(nodes, None), Reply::json(rest.to_string())]
    };
    let ran = sync(vec![query(|row| Ok(row.replace("11", "99")))], json!({}), replies()).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ran.column("orders", "children")[0]["nodes"][11], 99);
    let is_wrong = |_: &str| serde_json::from_str::<String>("1");
    let ran = sync(vec![query(is_wrong)], json!({}), replies()).await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Refused, Vec::new()));
}

#[tokio::test]
async fn a_list_within_rows_that_nobody_completes_is_never_cut() {
    let nodes = json!([{"id": 1, "children": children(0, 11)}]);
    let ran = check(vec![answer(nodes, None)], Outcome::Refused, 1, 0).await;
    assert_eq!(ran.bookmarks(), json!({}));
}

#[tokio::test]
async fn beside_a_list_that_is_completed_another_one_is_not_cut_either() {
    let open = connection(json!([1]), Some("c"));
    let row = json!([{"id": 1, "children": children(0, 1), "others": open}]);
    let ran = sync(vec![with_children()], json!({}), vec![answer(row, None)]).await;
    assert_eq!((ran.outcome, ids(&ran).len()), (Outcome::Refused, 0));

    let row = json!([{"id": 1, "children": children(0, 11)}]);
    let within = json!({"data": {"node": {"children": connection(json!([{"more": open}]), None)}}});
    let replies = vec![answer(row, None), Reply::json(within.to_string())];
    let ran = sync(vec![with_children()], json!({}), replies).await;
    assert_eq!((ran.outcome, ids(&ran).len()), (Outcome::Refused, 0));
}

#[tokio::test]
async fn a_list_that_leads_in_a_circle_ends() {
    let nodes = json!([{"id": 1, "children": children(0, 11)}]);
    let circle = || {
        let page = connection(json!([1]), Some("10"));
        Reply::json(json!({"data": {"node": {"children": page}}}).to_string())
    };
    let replies = vec![answer(nodes, None), circle()];
    let ran = sync(vec![with_children()], json!({}), replies).await;
    assert_eq!((ran.outcome, ids(&ran).len()), (Outcome::Refused, 0));
}

/// Shops, and the orders of up to three of them a query.
fn shops_and_orders() -> Vec<Stream> {
    let query =
        Query::new(TEXT, "/orders").page_sizes([10, 5]).of_parents("/data/shops", "ids", "shop");
    vec![
        stream("shops").get("/shops").child_context([("shop", "id")]),
        stream("orders").child_of("shops", ["shop"]).graphql(query).batch(3),
    ]
}

/// Three shops, and what the orders' queries are answered with.
async fn batch(answers: Vec<Reply>) -> Ran {
    let shops = Reply::json(r#"[{"id": 1}, {"id": 2}, {"id": 3}]"#);
    sync(shops_and_orders(), json!({}), [vec![shops], answers].concat()).await
}

/// The orders of shops; null where there is no shop.
fn parents(lists: &[Option<(&[u64], Option<&str>)>], faults: Value) -> Reply {
    let shop = |list: &Option<(&[u64], Option<&str>)>| {
        list.map(|(ids, next)| {
            let rows: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
            json!({"orders": connection(rows.into(), next)})
        })
    };
    let shops: Vec<Option<Value>> = lists.iter().map(shop).collect();
    Reply::json(json!({"data": {"shops": shops}, "errors": faults}).to_string())
}

#[tokio::test]
async fn parents_are_asked_for_together_and_those_with_more_are_read_on_alone() {
    let first =
        parents(&[Some((&[1, 2], None)), Some((&[3], Some("c"))), Some((&[], None))], json!(null));
    let rest = parents(&[Some((&[4], None))], json!(null));
    let ran = batch(vec![first, rest]).await;
    assert_eq!(
        (ran.outcome, ids(&ran)),
        (Outcome::Ok, vec![json!(1), json!(2), json!(3), json!(4)])
    );
    assert_eq!(variables(&ran, "ids")[1..], [json!([1, 2, 3]), json!([2])]);
    assert_eq!(variables(&ran, "after")[1..], [Value::Null, json!("c")]);
}

#[tokio::test]
async fn a_parent_that_is_not_there_fails_alone() {
    let gone = json!([{"type": "NOT_FOUND", "path": ["shops", 1]}]);
    let hidden = json!([{"type": "FORBIDDEN", "path": ["shops", 1, "orders"]}]);
    for faults in [json!(null), gone, hidden] {
        let answer = parents(&[Some((&[1], None)), None, Some((&[3], None))], faults);
        let ran = batch(vec![answer]).await;
        assert_eq!((ran.outcome, ids(&ran)), (Outcome::Partial, vec![json!(1), json!(3)]));
    }
}

#[tokio::test]
async fn a_row_with_an_error_is_of_its_own_parent() {
    let faults = json!([{"message": "?", "path": ["shops", 2, "orders", "nodes", 0, "name"]}]);
    let lists: [Option<(&[u64], _)>; 3] =
        [Some((&[1], None)), Some((&[2], None)), Some((&[3], None))];
    let ran = batch(vec![parents(&lists, faults)]).await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Partial, vec![json!(1), json!(2)]));
    assert_eq!(ran.column("tap_test_rejects", "partition"), ["3"]);
}

#[tokio::test]
async fn a_batch_that_is_too_much_is_halved_before_its_pages_are() {
    let heavy = || errors(Value::Null, json!([{"message": "timeout"}]));
    let one = |id: u64| parents(&[Some((&[id], None))], json!(null));
    let two = parents(&[Some((&[2], None)), Some((&[3], None))], json!(null));
    let ran = batch(vec![heavy(), heavy(), one(1), two]).await;
    assert_eq!((ran.outcome, ids(&ran)), (Outcome::Ok, vec![json!(1), json!(2), json!(3)]));
    assert_eq!(
        variables(&ran, "ids")[1..],
        [json!([1, 2, 3]), json!([1]), json!([1]), json!([2, 3])]
    );
    assert_eq!(variables(&ran, "first")[1..], [10, 10, 5, 5]);
}

#[tokio::test]
async fn with_fewer_parents_than_were_asked_for_each_is_asked_for_alone() {
    let answer = || parents(&[Some((&[1], None))], json!(null));
    let ran = batch(vec![answer(), answer(), answer(), answer()]).await;
    assert_eq!((ran.outcome, ids(&ran).len()), (Outcome::Ok, 3));
    assert_eq!(variables(&ran, "ids")[1..], [json!([1, 2, 3]), json!([3]), json!([2]), json!([1])]);
}
