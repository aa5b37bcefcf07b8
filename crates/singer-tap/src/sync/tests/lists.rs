//! Lists that change while they are read, and versions of what is read whole.

use super::*;

fn labels() -> Stream {
    stream("labels").get("/labels").paginate(LinkHeader).shrinks()
}

fn whole(concurrency: u64) -> Value {
    json!({"concurrency": concurrency, "emit_activate_version_messages": true})
}

fn versions(ran: &Ran) -> Vec<(String, Value)> {
    let is_told = |message: &&Value| message["type"] != "SCHEMA" && message["type"] != "STATE";
    ran.messages
        .iter()
        .filter(is_told)
        .map(|message| (message["type"].to_string(), message["version"].clone()))
        .collect()
}

fn activated(ran: &Ran) -> Vec<&Value> {
    let is_it = |message: &&Value| message["type"] == "ACTIVATE_VERSION";
    ran.messages.iter().filter(is_it).map(|message| &message["stream"]).collect()
}

#[tokio::test]
async fn a_list_that_shrank_is_read_once_more() {
    let replies = vec![
        next(&[(1, 0), (2, 0)], "/v1/labels?p=2"),
        last(&[(4, 0)]),
        next(&[(2, 0), (3, 0)], "/v1/labels?p=2"),
        next(&[(2, 0), (3, 0)], "/v1/labels?p=2"),
        last(&[(4, 0)]),
        next(&[(2, 0), (3, 0)], "/v1/labels?p=2"),
    ];
    let ran = sync_with(whole(1), vec![labels()], json!({}), replies).await;
    assert_eq!(ids(&ran, "labels"), [1, 2, 4, 2, 3, 4]);
    assert_eq!(activated(&ran), ["labels"]);
}

#[tokio::test]
async fn a_list_that_keeps_changing_is_told_and_activates_no_version() {
    let first = |id| next(&[(id, 0), (9, 0)], "/v1/labels?p=2");
    let replies = vec![first(1), last(&[]), first(2), first(3), last(&[]), first(4)];
    let ran = sync_with(whole(1), vec![labels()], json!({}), replies).await;
    assert_eq!((ran.outcome, activated(&ran).len()), (Outcome::Ok, 0));
}

#[tokio::test]
async fn a_list_of_one_page_needs_no_second_look() {
    let ran = sync_with(whole(1), vec![labels()], json!({}), vec![last(&[(1, 0)])]).await;
    assert_eq!(ran.asked, ["/v1/labels"]);
    let version = json!(VERSION);
    let told =
        [("\"RECORD\"".to_owned(), version.clone()), ("\"ACTIVATE_VERSION\"".to_owned(), version)];
    assert_eq!(versions(&ran), told);
}

#[tokio::test]
async fn a_version_is_active_only_when_every_partition_was_read() {
    let orders =
        || stream("orders").child_of("accounts", ["account"]).get("/accounts/{account}/orders");
    let accounts = || stream("accounts").get("/accounts").child_context([("account", "id")]);
    let gone = || Reply::status(404).body("{}");
    let replies = vec![last(&[(1, 0), (2, 0)]), last(&[(10, 0)]), gone(), gone()];
    let ran = sync_with(whole(1), vec![accounts(), orders()], json!({}), replies).await;
    assert_eq!(activated(&ran), ["accounts"]);
    let replies = vec![last(&[(1, 0), (2, 0)]), last(&[(10, 0)]), last(&[])];
    let ran = sync_with(whole(1), vec![accounts(), orders()], json!({}), replies).await;
    assert_eq!(activated(&ran), ["accounts", "orders"]);
    let bad = Reply::json(r#"[{"id": 1}, {"name": "no key"}]"#);
    let ran = sync_with(whole(1), vec![accounts()], json!({}), vec![bad]).await;
    assert_eq!(activated(&ran), [""; 0], "a rejected record is not there");
    let bad = Reply::json(r#"[{"id": 1}, {"name": "no key"}]"#);
    let replies = vec![bad, last(&[(10, 0)])];
    let ran = sync_with(whole(1), vec![accounts(), orders()], json!({}), replies).await;
    assert_eq!(activated(&ran), [""; 0], "nor are the children that it has");
}

#[tokio::test]
async fn an_incremental_stream_has_no_version() {
    let orders = stream("orders").get("/orders").incremental("at", Since::Param("since"));
    let ran = sync_with(whole(1), vec![orders], json!({}), vec![last(&[(1, 1)])]).await;
    assert_eq!(versions(&ran), [("\"RECORD\"".to_owned(), Value::Null)]);
    let reread = || stream("orders").get("/orders").incremental("at", Since::Reread);
    let ran = sync_with(whole(1), vec![reread()], json!({}), vec![last(&[(1, 1)])]).await;
    assert_eq!(activated(&ran), ["orders"], "it is written whole every time");
    let mut from = whole(1);
    from["start_date"] = json!(hour_of(1));
    let ran = sync_with(from, vec![reread()], json!({}), vec![last(&[(1, 1)])]).await;
    assert_eq!(activated(&ran), [""; 0]);
}

#[tokio::test]
async fn an_earlier_start_date_is_told_where_it_cannot_be_filled() {
    let orders = || stream("orders").get("/orders").incremental("at", Since::Param("since"));
    let settings = |hour| json!({"concurrency": 1, "start_date": hour_of(hour)});
    let ran = sync_with(settings(5), vec![orders()], json!({}), vec![last(&[(1, 6)])]).await;
    let state = json!({"orders": {"replication_key": "at", "replication_key_value": hour_of(6),
        "intervals": [], "start": hour_of(5)}});
    assert_eq!(ran.bookmarks(), state);
    let ran = sync_with(settings(2), vec![orders()], state.clone(), vec![last(&[(1, 6)])]).await;
    assert_eq!(ran.bookmarks(), state, "what lies between was not read");
}

/// Adds a row to each page, as a list within a record that goes on elsewhere.
struct More;

impl crate::Complete for More {
    fn complete<'a>(
        &'a self,
        scan: &'a crate::Scan<'a>,
        mut page: singer_http::Response,
    ) -> singer_http::BoxFuture<'a, Result<singer_http::Response, crate::Error>> {
        Box::pin(async move {
            let rest = scan.client.send(&singer_http::Request::get(page.url.clone())).await?;
            let rows = |body: &[u8]| serde_json::from_slice::<Vec<Value>>(body).expect("a list");
            let all = [rows(&page.body), rows(&rest.body)].concat();
            page.body = Value::from(all).to_string().into_bytes();
            Ok(page)
        })
    }
}

#[tokio::test]
async fn a_page_is_completed_before_its_records_are_taken() {
    let orders = stream("orders").get("/orders").complete(More);
    let ran = sync(vec![orders], json!({}), vec![last(&[(1, 1)]), last(&[(2, 2)])]).await;
    assert_eq!(ids(&ran, "orders"), [1, 2]);
    let orders = stream("orders").get("/orders").complete(More);
    let ran = sync(vec![orders], json!({}), vec![last(&[(1, 1)]), Reply::status(404)]).await;
    assert_ne!(ran.outcome, Outcome::Ok, "nothing is taken of a page that is not complete");
    assert!(ids(&ran, "orders").is_empty());
}

#[tokio::test]
async fn csv_is_read_like_any_list() {
    let orders = stream("orders").get("/orders").csv();
    let reply = Reply::status(200).header("content-type", "text/csv").body("name,id\nsome,1\n,2\n");
    let ran = sync(vec![orders], json!({}), vec![reply]).await;
    assert_eq!((ran.outcome, ids(&ran, "orders")), (Outcome::Ok, vec![1, 2]));
    assert_eq!(ran.column("orders", "name"), [json!("some"), Value::Null]);
}
