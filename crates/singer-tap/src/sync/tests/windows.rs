//! Streams that are read in windows.

use super::*;

const DAY: Duration = Duration::from_secs(86_400);

/// Orders that are asked for by windows of so many hours; the test's clock says midnight after.
fn orders(hours: u64) -> Stream {
    let size = Duration::from_secs(hours * 3_600);
    stream("orders")
        .get("/orders")
        .incremental("at", Since::Window { from: "from", to: "to", size })
}

fn window(from: u64, to: Option<u64>) -> String {
    let time = |hour: u64| hour_of(hour).replace(':', "%3A");
    let to = to.map_or(String::new(), |to| format!("&to={}", time(to)));
    format!("/v1/orders?from={}{to}", time(from))
}

fn from_hour(hour: u64) -> Value {
    json!({"concurrency": 1, "start_date": hour_of(hour)})
}

#[tokio::test]
async fn windows_are_read_one_after_another_up_to_now() {
    let replies = vec![last(&[(3, 13), (1, 12)]), last(&[(4, 17)]), last(&[(5, 22)])];
    let ran = sync_with(from_hour(12), vec![orders(4)], json!({}), replies).await;
    assert_eq!(ran.asked, [window(12, Some(16)), window(16, None)]);
    assert_eq!(ids(&ran, "orders"), [3, 1, 4]);
    let bookmark = json!({"replication_key": "at", "replication_key_value": "2026-11-25T00:00:00Z",
        "intervals": [], "start": hour_of(12)});
    assert_eq!(ran.bookmarks(), json!({"orders": bookmark}));
}

#[tokio::test]
async fn a_window_that_fails_leaves_the_others_as_intervals() {
    let broken = Reply::status(422).body("{}");
    let settings = json!({"concurrency": 2, "start_date": hour_of(12)});
    let replies = vec![broken, last(&[(4, 17)])];
    let ran = sync_with(settings, vec![orders(4)], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Bug);
    let cut = json!({"orders": {"replication_key": "at", "replication_key_value": null,
        "intervals": [[hour_of(16), hour_of(20)]], "start": hour_of(12)}});
    assert_eq!(ran.bookmarks(), cut);

    let replies = vec![last(&[(3, 13)]), last(&[(5, 20)])];
    let ran = sync_with(from_hour(12), vec![orders(4)], cut, replies).await;
    assert_eq!(ran.asked, [window(12, Some(16)), window(20, None)]);
    assert_eq!(ids(&ran, "orders"), [3, 5]);
    let value = &ran.bookmarks()["orders"]["replication_key_value"];
    assert_eq!(value, "2026-11-25T00:00:00Z");
}

#[tokio::test]
async fn an_earlier_start_date_fills_what_lies_before() {
    let bookmark = json!({"replication_key": "at", "replication_key_value": hour_of(20),
        "intervals": [], "start": hour_of(16)});
    let replies = vec![last(&[(1, 12)]), last(&[(5, 20)])];
    let ran =
        sync_with(from_hour(12), vec![orders(12)], json!({"orders": bookmark}), replies).await;
    assert_eq!(ran.asked, [window(12, Some(16)), window(20, None)]);
    assert_eq!(ids(&ran, "orders"), [1, 5]);
    assert_eq!(ran.bookmarks()["orders"]["start"], hour_of(12));
    assert_eq!(ran.bookmarks()["orders"]["intervals"], json!([]));
}

#[tokio::test]
async fn lookback_reads_the_end_of_what_was_read_again() {
    let bookmark = json!({"replication_key": "at", "replication_key_value": hour_of(20),
        "intervals": [[hour_of(22), hour_of(23)]]});
    let orders = orders(2).lookback(Duration::from_secs(3_600));
    let replies = vec![last(&[]), last(&[]), last(&[])];
    let ran =
        sync_with(json!({"concurrency": 1}), vec![orders], json!({"orders": bookmark}), replies)
            .await;
    assert_eq!(ran.asked, [window(19, Some(21)), window(21, None)]);
}

#[tokio::test]
async fn nothing_is_asked_for_from_the_end_date_on() {
    let settings = json!({"concurrency": 1, "start_date": hour_of(8), "end_date": hour_of(11)});
    let replies = vec![last(&[(1, 8)]), last(&[(2, 10), (3, 11)])];
    let ran = sync_with(settings, vec![orders(2)], json!({}), replies).await;
    assert_eq!(ran.asked, [window(8, Some(10)), window(10, Some(11))]);
    assert_eq!(ids(&ran, "orders"), [1, 2]);
    assert_eq!(ran.bookmarks()["orders"]["replication_key_value"], hour_of(11));
}

#[tokio::test]
async fn a_bookmark_stays_behind_the_servers_clock_by_the_lag() {
    let lag = Duration::from_secs(3_600);
    let settings = json!({"concurrency": 1, "start_date": hour_of(12)});
    let replies = vec![last(&[(1, 23)]).header("date", "Tue, 24 Nov 2026 23:30:00 GMT")];
    let ran = sync_with(settings, vec![orders(24).lag(lag)], json!({}), replies).await;
    let value = &ran.bookmarks()["orders"]["replication_key_value"];
    assert_eq!(value, "2026-11-24T22:30:00Z");
}

/// Orders that are asked for by ranges of so many hours.
fn ranges(hours: u64) -> Stream {
    let size = Duration::from_secs(hours * 3_600);
    stream("orders").get("/orders").incremental("at", Since::Range { param: "between", size })
}

fn range(from: &str, to: &str) -> String {
    format!("/v1/orders?between={from}..{to}").replace(':', "%3A")
}

#[tokio::test]
async fn what_lies_on_both_bounds_of_a_range_is_taken_once() {
    let replies = vec![last(&[(1, 12), (2, 16)]), last(&[(2, 16), (3, 17)])];
    let ran = sync_with(from_hour(12), vec![ranges(4)], json!({}), replies).await;
    let asked = [range(&hour_of(12), &hour_of(16)), range(&hour_of(16), "*")];
    assert_eq!(ran.asked, asked);
    assert_eq!(ids(&ran, "orders"), [1, 2, 3]);
}

#[tokio::test]
async fn a_range_without_bounds_is_not_sent() {
    let ran = sync(vec![ranges(u64::MAX / 3_600)], json!({}), vec![last(&[(1, 12)])]).await;
    assert_eq!((ran.asked, ran.outcome), (vec!["/v1/orders".to_owned()], Outcome::Ok));
}

/// Admits no page that says that there is more than one order.
struct One;

impl crate::Paginator for One {
    fn needs(&self) -> Vec<String> {
        vec!["/total".to_owned()]
    }

    fn admit(&self, needed: &[Option<Value>]) -> Result<(), crate::Error> {
        match needed {
            [Some(total)] if *total == 1 => Ok(()),
            _ => Err(crate::Error::Capped { what: "too long".into(), remedy: "none".into() }),
        }
    }

    fn next(
        &self,
        _: &singer_http::Request,
        _: &crate::Page<'_>,
    ) -> Result<crate::Next, crate::Error> {
        Ok(crate::Next::Done)
    }
}

#[tokio::test]
async fn nothing_is_taken_of_a_page_that_is_refused() {
    let orders = ranges(24).records_at("/rows").paginate(One).child_context([("order", "id")]);
    let body = |rows: &[(u64, u64)], total: u64| {
        let rows: Value = serde_json::from_str(&crate::testing::page(rows)).expect("a page");
        Reply::json(json!({"total": total, "rows": rows}).to_string())
    };
    let replies = vec![
        body(&[(1, 8), (2, 11)], 2),
        body(&[(1, 8)], 1),
        last(&[]),
        body(&[(2, 11)], 1),
        last(&[]),
    ];
    let settings = json!({"concurrency": 1, "start_date": hour_of(8), "end_date": hour_of(12)});
    let ran = sync_with(settings, vec![orders, items().follows_parent()], json!({}), replies).await;
    assert_eq!(ids(&ran, "orders"), [1, 2]);
    let asked = [
        range(&hour_of(8), &hour_of(12)),
        range(&hour_of(8), &hour_of(10)),
        "/v1/orders/1/items".to_owned(),
        range(&hour_of(10), &hour_of(12)),
        "/v1/orders/2/items".to_owned(),
    ];
    assert_eq!(ran.asked, asked, "no child of the refused page is asked for");
}

#[tokio::test]
async fn of_what_is_read_again_only_what_changed_is_written_and_asked_for_children() {
    let day = |id: u64, at: u64, changed: u64| json!({"id": id, "at": hour_of(at), "changed": hour_of(changed)});
    let orders = || {
        ranges(24)
            .schema(
                r#"{"type": "object", "properties": {"id": {"type": "integer"},
                "at": {"type": ["null", "string"], "format": "date-time"},
                "changed": {"type": ["null", "string"], "format": "date-time"}}}"#,
            )
            .lookback(Duration::from_secs(6 * 3_600))
            .changed_at("changed")
            .child_context([("order", "id")])
    };
    let streams = || vec![orders(), items().follows_parent()];
    let bookmark = json!({"replication_key": "at", "replication_key_value": hour_of(20),
        "intervals": [], "start": hour_of(15)});
    let state = json!({"orders": bookmark, "items": bookmark});
    let rows = json!([day(1, 16, 17), day(2, 16, 20), day(3, 19, 22), day(4, 21, 21)]);
    let replies = vec![Reply::json(rows.to_string()), last(&[]), last(&[]), last(&[])];
    let ran = sync_with(from_hour(15), streams(), state.clone(), replies).await;
    let children = [2, 3, 4].map(|id| format!("/v1/orders/{id}/items"));
    assert_eq!(ran.asked[0], range(&hour_of(15), "*"), "not before its start");
    assert_eq!(ran.asked[1..], children);
    assert_eq!(ids(&ran, "orders"), [2, 3, 4]);

    // What lies before where reading once began was never read.
    let rows = json!([day(1, 13, 13)]);
    let replies = vec![Reply::json(rows.to_string()), last(&[]), Reply::json("[]")];
    let ran = sync_with(from_hour(12), streams(), state, replies).await;
    assert_eq!(ran.asked[..2], [range(&hour_of(12), "*"), "/v1/orders/1/items".to_owned()]);
    assert_eq!(ids(&ran, "orders"), [1]);
}

#[tokio::test]
async fn no_bookmark_passes_the_time_when_the_first_of_several_windows_was_begun() {
    let streams = || vec![ranges(12).changed_at("at")];
    let dated = |date: &str| last(&[]).header("date", date);
    let replies =
        vec![dated("Tue, 24 Nov 2026 23:30:00 GMT"), dated("Wed, 25 Nov 2026 00:30:00 GMT")];
    let ran = sync_with(from_hour(8), streams(), json!({}), replies).await;
    assert_eq!(ran.asked.len(), 2);
    let value = &ran.bookmarks()["orders"]["replication_key_value"];
    assert_eq!(value, "2026-11-25T00:00:00Z", "the test's clock, not the later one of the server");
}

/// Says that the first page of a list is not all that there is of it.
struct Capped;

impl crate::Paginator for Capped {
    fn next(
        &self,
        _: &singer_http::Request,
        page: &crate::Page<'_>,
    ) -> Result<crate::Next, crate::Error> {
        match page.records {
            0..2 => Ok(crate::Next::Done),
            _ => Err(crate::Error::Capped { what: "too long".into(), remedy: "none".into() }),
        }
    }
}

#[tokio::test]
async fn a_window_that_holds_more_than_the_api_shows_is_halved() {
    let orders = stream("orders")
        .get("/orders")
        .incremental("at", Since::Window { from: "from", to: "to", size: DAY })
        .paginate(Capped);
    let settings = json!({"concurrency": 1, "start_date": hour_of(8), "end_date": hour_of(12)});
    let replies = vec![last(&[(1, 8), (2, 11)]), last(&[(1, 8)]), last(&[(2, 11)])];
    let ran = sync_with(settings, vec![orders], json!({}), replies).await;
    assert_eq!(ran.asked, [window(8, Some(12)), window(8, Some(10)), window(10, Some(12))]);
    assert_eq!(ran.outcome, Outcome::Ok);
    assert_eq!(ran.bookmarks()["orders"]["replication_key_value"], hour_of(12));
}

fn items() -> Stream {
    stream("items").child_of("orders", ["order"]).get("/orders/{order}/items")
}

#[tokio::test]
async fn a_windowed_parent_is_read_whole_for_children_that_do_not_follow() {
    let bookmark = json!({"replication_key": "at", "replication_key_value": hour_of(20),
        "intervals": []});
    let orders = orders(12).child_context([("order", "id")]);
    let replies = vec![last(&[(1, 13)]), last(&[])];
    let state = json!({"orders": bookmark});
    let ran = sync_with(from_hour(12), vec![orders, items()], state, replies).await;
    assert_eq!(ran.asked, [window(12, None), "/v1/orders/1/items".to_owned()]);
    assert!(ids(&ran, "orders").is_empty(), "what was read is not written again");
}

#[tokio::test]
async fn children_follow_a_windowed_parent_by_its_windows() {
    let covered = json!({"replication_key": "at", "replication_key_value": hour_of(16),
        "intervals": []});
    let behind = json!({"replication_key": "at", "replication_key_value": hour_of(12),
        "intervals": [], "pending": []});
    let orders = orders(4).child_context([("order", "id")]);
    let state = json!({"orders": covered, "items": behind});
    let replies = vec![last(&[(1, 13)]), last(&[]), last(&[(2, 17)]), last(&[])];
    let ran = sync_with(
        json!({"concurrency": 1}),
        vec![orders, items().follows_parent()],
        state,
        replies,
    )
    .await;
    let asked = [
        window(12, Some(16)),
        "/v1/orders/1/items".to_owned(),
        window(16, None),
        "/v1/orders/2/items".to_owned(),
    ];
    assert_eq!(ran.asked, asked);
    assert_eq!(ids(&ran, "orders"), [2], "its own bookmark was further");
    let now = "2026-11-25T00:00:00Z";
    for stream in ["orders", "items"] {
        assert_eq!(ran.bookmarks()[stream]["replication_key_value"], now);
    }
}

/// Accounts, each with orders that are read in windows of a day.
fn orders_of_accounts() -> Vec<Stream> {
    vec![
        stream("accounts").get("/accounts").child_context([("account", "id")]),
        stream("orders")
            .child_of("accounts", ["account"])
            .get("/orders")
            .incremental("at", Since::Window { from: "from", to: "to", size: DAY }),
    ]
}

#[tokio::test]
async fn a_stream_that_stopped_asks_for_no_further_window_of_any_partition() {
    let grown = Reply::json(json!([{"id": 1, "at": hour_of(9), "grown": 1}]).to_string());
    let settings = json!({"concurrency": 1, "start_date": hour_of(0), "new_field": "fail"});
    let replies = vec![last(&[(1, 9), (2, 9), (3, 9)]), grown];
    let ran = sync_with(settings, orders_of_accounts(), json!({}), replies).await;
    assert_eq!(ran.asked.len(), 2, "{:?}", ran.asked);
}

#[tokio::test]
async fn children_of_a_parent_that_begins_at_a_date_have_no_version() {
    let range = || {
        let since = Since::Range { param: "between", size: DAY };
        stream("orders").get("/orders").incremental("at", since)
    };
    let check = async |orders: Stream, mut settings: Value, has_version: bool| {
        let items = stream("items").child_of("orders", ["order"]).get("/items");
        let streams = vec![orders.child_context([("order", "id")]), items];
        settings["emit_activate_version_messages"] = json!(true);
        settings["concurrency"] = json!(1);
        let replies = std::iter::once(last(&[(1, 13)])).chain((0..40).map(|_| last(&[])));
        let ran = sync_with(settings, streams, json!({}), replies.collect()).await;
        let mut kinds = ran.messages.iter().map(|message| &message["type"]);
        assert_eq!(kinds.any(|kind| kind == "ACTIVATE_VERSION"), has_version);
    };
    for orders in [orders(24), range()] {
        check(orders.clone(), json!({"start_date": hour_of(12)}), false).await;
        check(orders, json!({}), true).await;
    }
}

#[test]
fn a_full_table_of_windows_that_begin_at_a_date_has_no_version() {
    use crate::plan::Plan;
    use crate::settings::Settings;

    // Read in windows for the sake of the one that follows, whatever the user chose for itself.
    let streams = || vec![orders(24).child_context([("order", "id")]), items().follows_parent()];
    let catalog = json!({"streams": [
        {"tap_stream_id": "orders", "metadata": [{"breadcrumb": [], "metadata": {
            "selected": true, "replication-method": "FULL_TABLE"}}]},
        {"tap_stream_id": "items", "metadata": [{"breadcrumb": [], "metadata": {"selected": true}}]},
    ]});
    let catalog = singer_protocol::Catalog::from_json(catalog).expect("a catalog");
    let check = |mut settings: Value, version: Option<i64>| {
        settings["emit_activate_version_messages"] = json!(true);
        let settings: Settings = serde_json::from_value(settings).expect("valid settings");
        let plan = Plan::new(streams(), Some(&catalog), &settings).expect("a valid plan");
        assert_eq!(plan.versioned(&settings, 7).stream(0).version(), version);
    };
    check(json!({"start_date": hour_of(12)}), None);
    check(json!({}), Some(7));
}

#[tokio::test]
async fn an_api_that_counts_seconds_is_asked_for_them() {
    let settings = json!({"concurrency": 1, "start_date": hour_of(8), "end_date": hour_of(9)});
    let ran = sync_with(settings, vec![orders(4).in_seconds()], json!({}), vec![last(&[])]).await;
    assert_eq!(ran.asked, ["/v1/orders?from=1795507200&to=1795510800"]);
}

#[tokio::test]
async fn a_large_window_is_left_and_the_rest_of_it_read_beside() {
    let orders = || orders(24).newest_first().paginate(LinkHeader);
    let minute = |at: u64| format!("2026-11-24T{:02}:{:02}:00Z", at / 60, at % 60);
    let page = |from: u64| {
        let rows =
            json!([{"id": from, "at": minute(from)}, {"id": from - 1, "at": minute(from - 1)}]);
        Reply::json(rows.to_string())
    };
    let link = |at: u64| format!("</v1/orders?p={at}>; rel=\"next\"");
    let falling = (0..32).map(|at| page(1_000 - 2 * at).header("link", &link(at)));
    let replies: Vec<Reply> = falling.chain([page(900), last(&[])]).collect();
    let ran = sync_with(from_hour(0), vec![orders()], json!({}), replies).await;
    assert_eq!(ran.asked.len(), 34, "{:?}", ran.asked);
    // The last of the 64 minutes is 15:37, of which there may be more; windows as long as what was read.
    let rest = [
        "from=2026-11-24T00:00:00Z&to=2026-11-24T08:22:59Z",
        "from=2026-11-24T08:22:59Z&to=2026-11-24T15:37:01Z",
    ];
    let rest = rest.map(|window| format!("/v1/orders?{}", window.replace(':', "%3A")));
    assert_eq!(ran.asked[32..], rest);
    assert_eq!(ids(&ran, "orders").len(), 66);
    let state = &ran.bookmarks()["orders"];
    assert_eq!(state["intervals"], json!([]), "all of it is one");
}
