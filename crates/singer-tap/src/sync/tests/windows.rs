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
    let streams = || {
        let items = stream("items").child_of("orders", ["order"]).get("/items");
        vec![orders(24).child_context([("order", "id")]), items]
    };
    let check = async |mut settings: Value, has_version: bool| {
        settings["emit_activate_version_messages"] = json!(true);
        settings["concurrency"] = json!(1);
        let replies = std::iter::once(last(&[(1, 13)])).chain((0..40).map(|_| last(&[])));
        let ran = sync_with(settings, streams(), json!({}), replies.collect()).await;
        let mut kinds = ran.messages.iter().map(|message| &message["type"]);
        assert_eq!(kinds.any(|kind| kind == "ACTIVATE_VERSION"), has_version);
    };
    check(json!({"start_date": hour_of(12)}), false).await;
    check(json!({}), true).await;
}

#[tokio::test]
async fn an_api_that_counts_seconds_is_asked_for_them() {
    let settings = json!({"concurrency": 1, "start_date": hour_of(8), "end_date": hour_of(9)});
    let ran = sync_with(settings, vec![orders(4).in_seconds()], json!({}), vec![last(&[])]).await;
    assert_eq!(ran.asked, ["/v1/orders?from=1795507200&to=1795510800"]);
}
