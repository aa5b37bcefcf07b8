//! Streams whose changes are read from a list of changes.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use singer_http::{BoxFuture, Request};
use singer_protocol::{Cursor, Frame};

use super::*;
use crate::error::Error;
use crate::sink::PageSink;
use crate::source::{Scan, Source};

const MONTH: Duration = Duration::from_secs(30 * 86_400);

/// Changes of orders, of which there is one page.
#[derive(Default)]
struct Events(Arc<Mutex<String>>);

impl Source for Events {
    fn read<'a>(
        &'a self,
        scan: Scan<'a>,
        pages: &'a mut PageSink,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let from = scan.from.map(Cursor::to_string).unwrap_or_default();
            let mut url = scan.client.base().clone();
            url.set_path("/v1/events");
            url.query_pairs_mut().append_pair("from", &from);
            let now = scan.client.now();
            let response = scan.client.send(&Request::get(url)).await?;
            if let Some(listed) = scan.listed {
                let has = |at: u64, changed: u64| {
                    let at = Cursor::Instant(instant(at));
                    listed.has(&at, instant(changed))
                };
                let has = format!("{} {}", has(11, 20), has(2, 20));
                *self.0.lock().expect("no holder of this lock panics") = has;
            }
            pages.push(&response, &Frame::list()).await?;
            pages.reached(now).await
        })
    }
}

fn orders() -> Stream {
    stream("orders")
        .get("/orders")
        .incremental("at", Since::StopAt)
        .child_context([("order", "id")])
        .events(Events::default(), MONTH)
}

fn items() -> Stream {
    stream("items").child_of("orders", ["order"]).get("/orders/{order}/items").follows_parent()
}

fn with_events(mut bookmark: Value, events: impl Into<String>) -> Value {
    bookmark["events"] = json!({"replication_key_value": events.into(), "version": null});
    bookmark
}

/// With versions.
async fn sync_versions(streams: Vec<Stream>, bookmarks: Value, replies: Vec<Reply>) -> Ran {
    let settings = json!({"concurrency": 1, "emit_activate_version_messages": true});
    sync_with(settings, streams, bookmarks, replies).await
}

/// The versions of the records of a stream, and that which was activated.
fn versions(ran: &Ran, stream: &str) -> (Vec<Value>, Option<Value>) {
    let of = |kind: &str| {
        let is_of = |message: &&Value| message["type"] == kind && message["stream"] == stream;
        ran.messages.iter().filter(is_of).map(|message| message["version"].clone()).collect()
    };
    let activated: Vec<Value> = of("ACTIVATE_VERSION");
    (of("RECORD"), activated.last().cloned())
}

/// The server's clock says so.
fn dated(reply: Reply, hour: u64) -> Reply {
    let at: DateTime<Utc> = hour_of(hour).parse().expect("an instant");
    reply.header("date", &at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn instant(hour: u64) -> DateTime<Utc> {
    hour_of(hour).parse().expect("an instant")
}

const NOW: &str = "2026-11-25T00:00:00Z";

#[tokio::test]
async fn the_first_run_reads_the_list_and_then_what_changed_since_it_began() {
    let replies = vec![last(&[(9, 9), (8, 8)]), last(&[(8, 8)])];
    let ran = sync(vec![orders()], json!({}), replies).await;
    let from = NOW.replace(':', "%3A");
    assert_eq!(ran.asked, ["/v1/orders".to_owned(), format!("/v1/events?from={from}")]);
    assert_eq!(ids(&ran, "orders"), [9, 8, 8], "the change comes last");
    assert_eq!(ran.bookmarks()["orders"], with_events(bookmark(9), NOW));
}

#[tokio::test]
async fn a_list_that_was_cut_short_keeps_the_moment_from_which_changes_count() {
    let refused = Reply::status(401).body("{}");
    let replies = vec![next(&[(9, 9), (8, 8)], "/v1/orders?p=2"), refused];
    let orders = || orders().paginate(LinkHeader);
    let cut = sync(vec![orders()], json!({}), replies).await;
    assert_eq!(cut.outcome, Outcome::Auth);
    let events = json!({"replication_key_value": NOW, "version": null});
    assert_eq!(cut.bookmarks()["orders"]["events"], events);

    let replies = vec![dated(last(&[(9, 9), (7, 7)]), 23), last(&[])];
    let ran = sync(vec![orders()], cut.bookmarks(), replies).await;
    assert_eq!(ran.asked[1], format!("/v1/events?from={}", NOW.replace(':', "%3A")));
}

#[tokio::test]
async fn a_later_run_reads_what_is_new_and_what_changed() {
    let state = json!({"orders": with_events(bookmark(9), hour_of(10))});
    let replies = vec![last(&[(10, 10), (9, 9), (3, 3)]), last(&[(2, 2)])];
    let ran = sync(vec![orders()], state, replies).await;
    assert_eq!(ran.asked[1], format!("/v1/events?from={}", hour_of(10).replace(':', "%3A")));
    assert_eq!(ids(&ran, "orders"), [10, 9, 2]);
    assert_eq!(ran.bookmarks()["orders"], with_events(bookmark(10), NOW));
}

#[tokio::test]
async fn a_source_of_changes_knows_what_the_list_has_given_in_this_run() {
    for (state, expected) in [
        (json!({"orders": with_events(bookmark(9), hour_of(10))}), "true false"),
        (json!({}), "true true"),
    ] {
        let has = Arc::default();
        let orders = stream("orders")
            .get("/orders")
            .incremental("at", Since::StopAt)
            .events(Events(Arc::clone(&has)), MONTH);
        sync(vec![orders], state, vec![last(&[(10, 10)]), last(&[])]).await;
        assert_eq!(*has.lock().unwrap(), expected);
    }
}

#[tokio::test]
async fn changes_that_are_no_longer_kept_have_the_list_read_again() {
    let state = json!({"orders": with_events(bookmark(9), "2026-10-20T00:00:00Z")});
    let replies = vec![last(&[(9, 9), (3, 3)]), last(&[])];
    let ran = sync(vec![orders()], state, replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 3], "all of it");
    assert_eq!(ran.bookmarks()["orders"], with_events(bookmark(9), NOW));
}

#[tokio::test]
async fn a_list_that_is_read_anew_has_a_version_that_says_what_is_gone() {
    let old = with_events(bookmark(9), "2026-10-20T00:00:00Z");
    let mut items_at = old.clone();
    items_at["pending"] = json!([]);
    for state in [json!({}), json!({"orders": old, "items": items_at})] {
        let replies =
            vec![last(&[(9, 9), (3, 3)]), last(&[(90, 9)]), last(&[]), last(&[(3, 3)]), last(&[])];
        let ran = sync_versions(vec![orders(), items()], state, replies).await;
        let version = json!(VERSION);
        assert_eq!(versions(&ran, "orders"), (vec![version.clone(); 3], Some(version.clone())));
        assert_eq!(versions(&ran, "items").1, Some(version));
        assert_eq!(ran.bookmarks()["orders"]["events"]["version"], Value::Null);
    }
}

#[tokio::test]
async fn a_list_that_was_cut_short_goes_on_with_the_version_with_which_it_was_begun() {
    let orders = || orders().paginate(LinkHeader);
    let refused = Reply::status(401).body("{}");
    let replies = vec![next(&[(9, 9), (8, 8), (7, 7)], "/v1/orders?p=2"), refused];
    let cut = sync_versions(vec![orders()], json!({}), replies).await;
    assert_eq!(versions(&cut, "orders"), (vec![json!(VERSION); 3], None));
    let mut state = cut.bookmarks();
    assert_eq!(state["orders"]["events"]["version"], VERSION);

    state["orders"]["events"]["version"] = json!(VERSION - 1);
    let ran =
        sync_versions(vec![orders()], state, vec![last(&[(9, 9), (7, 7), (6, 6)]), last(&[])])
            .await;
    let earlier = json!(VERSION - 1);
    assert_eq!(versions(&ran, "orders"), (vec![earlier.clone(); 3], Some(earlier)));
    assert_eq!(ran.bookmarks()["orders"]["events"]["version"], Value::Null);
}

#[tokio::test]
async fn what_goes_on_from_a_bookmark_has_no_version() {
    let state = json!({"orders": with_events(bookmark(9), hour_of(10))});
    let ran = sync_versions(vec![orders()], state, vec![last(&[(9, 9)]), last(&[])]).await;
    assert_eq!(versions(&ran, "orders"), (vec![Value::Null], None));
    let failed = vec![last(&[(9, 9)]), Reply::status(422).body("{}")];
    let ran = sync_versions(vec![orders()], json!({}), failed).await;
    assert_eq!(versions(&ran, "orders").1, None, "what changed meanwhile was not read");
}

#[tokio::test]
async fn changes_are_not_read_before_the_list_is() {
    let replies = vec![Reply::status(422).body("{}")];
    let ran = sync(vec![orders()], json!({}), replies).await;
    assert_eq!(ran.asked, ["/v1/orders"]);
}

#[tokio::test]
async fn a_backfill_to_a_date_reads_no_changes() {
    let settings = json!({"concurrency": 1, "end_date": hour_of(9)});
    let ran = sync_with(settings, vec![orders()], json!({}), vec![last(&[(8, 8)])]).await;
    assert_eq!(ran.asked, ["/v1/orders"]);
    assert_eq!(ran.bookmarks()["orders"], bookmark(8));
}

#[tokio::test]
async fn changes_are_asked_for_again_as_long_as_they_may_show_late() {
    let lag = Duration::from_secs(3_600);
    let ran = sync(vec![orders().lag(lag)], json!({}), vec![last(&[]), last(&[])]).await;
    let events = &ran.bookmarks()["orders"]["events"]["replication_key_value"];
    assert_eq!(events, &hour_of(23));
}

#[tokio::test]
async fn children_follow_the_changes() {
    let both = |at: u64| with_events(bookmark(at), hour_of(10));
    let mut items_at = both(9);
    items_at["pending"] = json!([]);
    let state = json!({"orders": both(9), "items": items_at});
    let replies = vec![last(&[(3, 3)]), last(&[(2, 2)]), last(&[(20, 2)])];
    let ran = sync(vec![orders(), items()], state, replies).await;
    assert_eq!(ran.asked[2], "/v1/orders/2/items");
    assert_eq!(ids(&ran, "items"), [20]);
    for stream in ["orders", "items"] {
        let events = &ran.bookmarks()[stream]["events"]["replication_key_value"];
        assert_eq!(events, NOW, "{stream}");
    }
}

#[tokio::test]
async fn no_bookmark_passes_the_children_of_a_change_that_were_not_read() {
    let both = || with_events(bookmark(9), hour_of(10));
    let mut items_at = both();
    items_at["pending"] = json!([]);
    let state = json!({"orders": both(), "items": items_at});
    let refused = Reply::status(401).body("{}");
    let replies = vec![last(&[(3, 3)]), last(&[(2, 2)]), refused];
    let ran = sync(vec![orders(), items()], state, replies).await;
    assert_eq!(ran.outcome, Outcome::Auth);
    let events = &ran.bookmarks()["items"]["events"]["replication_key_value"];
    assert_eq!(events, &hour_of(10));
}

#[tokio::test]
async fn changes_of_what_was_made_before_the_start_date_are_not_wanted() {
    let settings = json!({"concurrency": 1, "start_date": hour_of(5)});
    let replies = vec![last(&[(9, 9)]), last(&[(3, 3), (7, 7)])];
    let ran = sync_with(settings, vec![orders()], json!({}), replies).await;
    assert_eq!(ids(&ran, "orders"), [9, 7]);
}

#[tokio::test]
async fn a_version_ends_where_a_run_writes_records_without_it() {
    let replies = || {
        let refused = Reply::status(401).body("{}");
        vec![next(&[(9, 9), (8, 8), (7, 7)], "/v1/orders?p=2"), refused]
    };
    let orders = || orders().paginate(LinkHeader);
    let cut = sync_versions(vec![orders()], json!({}), replies()).await;
    assert_eq!(cut.bookmarks()["orders"]["events"]["version"], VERSION);
    let without = sync(vec![orders()], cut.bookmarks(), replies()).await;
    assert_eq!(without.bookmarks()["orders"]["events"]["version"], Value::Null);
}

#[tokio::test]
async fn nothing_is_asked_for_below_what_is_gone() {
    let orders = orders().deleted_by("gone");
    let items =
        stream("items").child_of("orders", ["order"]).get("/orders/{order}/items").follows_parent();
    let mut rows: Value = serde_json::from_str(&page(&[(2, 2), (1, 1)])).expect("rows");
    rows[0]["gone"] = json!("2026-11-24T12:00:00Z");
    let replies = vec![last(&[]), Reply::json(rows.to_string()), last(&[(10, 1)])];
    let ran = sync(vec![orders, items], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ids(&ran, "orders"), [2, 1]);
    assert_eq!(ran.asked[2..], ["/v1/orders/1/items"]);
}
