use serde_json::{Value, json};
use singer_http::testing::Reply;

use super::*;
use crate::outcome::Outcome;
use crate::stream::Stream;
use crate::testing::{Ran, stream, sync};

const TEXT: &str = "query Orders($ids: [ID!]!, $first: Int!, $after: String) { shops { id } }";

fn query() -> Query {
    Query::new(TEXT, "/orders").of_parents("/data/shops", "ids", "shop")
}

#[test]
fn a_shortcut_covers_the_schemas_of_which_it_gives_every_field() {
    let shortcut = Shortcut::new(query(), 3, ["id", "user.name", "labels.name"], |_, _| None);
    let check = |fields: Value, covers: bool| {
        assert_eq!(shortcut.covers(&json!({"properties": fields})), covers, "{fields}");
    };
    let name = json!({"properties": {"name": {}}});
    check(json!({"id": {}}), true);
    check(json!({"id": {}, "user": name, "labels": {"items": name}}), true);
    check(json!({"id": {}, "at": {}}), false);
    check(json!({"user": {"properties": {"name": {}, "id": {}}}}), false);
    check(json!({"labels": {"items": {"properties": {"id": {}}}}}), false);
    // A free object is a field of its own.
    check(json!({"user": {}}), false);
}

/// A row with its name in capitals; one without a name cannot be told.
fn shape(row: &str, context: &Context) -> Option<String> {
    let row: Value = serde_json::from_str(row).ok()?;
    let name = row["name"].as_str()?.to_uppercase();
    Some(json!({"id": row["id"], "name": format!("{name} {}", context.get("shop")?)}).to_string())
}

/// Shops, and their orders by a shortcut of three shops a query.
fn shops_and_orders(fields: &[&'static str]) -> Vec<Stream> {
    let fields = fields.iter().copied();
    vec![
        stream("shops").get("/shops").child_context([("shop", "id")]),
        stream("orders")
            .child_of("shops", ["shop"])
            .get("/shops/{shop}/orders")
            .shortcut(Shortcut::new(query(), 3, fields, shape)),
    ]
}

const ALL: [&str; 4] = ["id", "name", "org", "at"];

/// Reads three shops and their orders.
async fn read(fields: &[&'static str], answers: Vec<Reply>) -> Ran {
    let shops = Reply::json(r#"[{"id": 1}, {"id": 2}, {"id": 3}]"#);
    sync(shops_and_orders(fields), json!({}), [vec![shops], answers].concat()).await
}

fn answer(lists: Value, errors: Value) -> Reply {
    let shop = |rows: &Value| match rows {
        Value::Null => Value::Null,
        rows => json!({"orders": {"nodes": rows, "pageInfo": {"hasNextPage": false}}}),
    };
    let shops: Vec<Value> = lists.as_array().unwrap().iter().map(shop).collect();
    Reply::json(json!({"data": {"shops": shops}, "errors": errors}).to_string())
}

fn orders(id: u64) -> Reply {
    Reply::json(json!([{"id": id, "name": "BY ROUTE"}]).to_string())
}

fn names(ran: &Ran) -> Vec<String> {
    let names = ran.column("orders", "name");
    names.iter().map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn it_is_taken_where_it_gives_every_field_and_the_routes_where_not() {
    let lists = json!([[{"id": 1, "name": "a"}], [], [{"id": 3, "name": "c"}]]);
    let ran = read(&ALL, vec![answer(lists, Value::Null)]).await;
    assert_eq!((ran.outcome, names(&ran)), (Outcome::Ok, vec!["A 1".into(), "C 3".into()]));
    assert_eq!(ran.asked, ["/v1/shops", "/v1/graphql"]);

    let ran = read(&ALL[..3], vec![orders(1), orders(2), orders(3)]).await;
    assert_eq!((ran.outcome, names(&ran).len()), (Outcome::Ok, 3));
    assert_eq!(ran.asked[1..], ["1", "2", "3"].map(|shop| format!("/v1/shops/{shop}/orders")));
}

/// The second shop is read by its route, the others by the query.
async fn check_left(second: Value, errors: Value) {
    let lists = json!([[{"id": 1, "name": "a"}], second, [{"id": 3, "name": "c"}]]);
    let ran = read(&ALL, vec![answer(lists, errors), orders(2)]).await;
    let expected = ["A 1", "C 3", "BY ROUTE"].map(str::to_owned).to_vec();
    assert_eq!((ran.outcome, names(&ran)), (Outcome::Ok, expected), "{second}");
    assert_eq!(ran.asked[1..], ["/v1/graphql", "/v1/shops/2/orders"]);
}

#[tokio::test]
async fn a_parent_of_which_something_cannot_be_told_is_read_by_its_route() {
    check_left(json!([{"id": 4, "name": "x"}, {"id": 2, "name": null}]), Value::Null).await;
    check_left(json!([{"id": 2, "name": "x", "hasNextPage": true}]), Value::Null).await;
    check_left(Value::Null, Value::Null).await;
    let of_row = json!([{"type": "FORBIDDEN", "path": ["shops", 1, "orders", "nodes", 0]}]);
    check_left(json!([{"id": 2, "name": "x"}]), of_row).await;
    let of_parent = json!([{"type": "NOT_FOUND", "path": ["shops", 1]}]);
    check_left(Value::Null, of_parent).await;
}

#[tokio::test]
async fn what_the_routes_cannot_read_either_fails_alone() {
    let lists = json!([[{"id": 1, "name": "a"}], null, []]);
    let gone = || Reply::status(404).body("{}");
    let ran = read(&ALL, vec![answer(lists, Value::Null), gone(), gone()]).await;
    assert_eq!((ran.outcome, names(&ran)), (Outcome::Partial, vec!["A 1".into()]));
}

#[tokio::test]
async fn a_query_that_the_api_does_not_know_is_sent_once() {
    let unknown = json!({"errors": [{"message": "Field 'orders' doesn't exist", "locations": []}]});
    let refused = Reply::json(unknown.to_string());
    let shops = Reply::json(r#"[{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]"#);
    let replies = vec![shops, refused, orders(1), orders(2), orders(3), orders(4)];
    let ran = sync(shops_and_orders(&ALL), json!({}), replies).await;
    assert_eq!((ran.outcome, names(&ran).len()), (Outcome::Ok, 4));
    assert_eq!(ran.asked.iter().filter(|path| *path == "/v1/graphql").count(), 1);
}

#[tokio::test]
async fn a_spent_limit_is_no_reason_to_spend_another() {
    let spent = json!({"errors": [{"type": "RATE_LIMITED", "message": "spent"}]});
    let spent = || Reply::json(spent.to_string());
    let ran = read(&ALL, vec![spent(), spent(), spent(), spent(), spent()]).await;
    assert_eq!((ran.outcome, names(&ran).len()), (Outcome::Limited, 0));
}
