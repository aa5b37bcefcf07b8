//! Streams that are read only for those records of their parent that changed.

use super::*;

/// Pulls newest first, each with reviews.
fn pulls() -> Stream {
    stream("pulls")
        .get("/pulls")
        .incremental("at", Since::StopAt)
        .paginate(LinkHeader)
        .child_context([("pull", "id")])
}

fn reviews() -> Stream {
    stream("reviews").child_of("pulls", ["pull"]).get("/pulls/{pull}/reviews").follows_parent()
}

fn follower(value: Option<u64>, intervals: Value, pending: Value) -> Value {
    json!({"replication_key": "at", "replication_key_value": value.map(hour_of),
        "intervals": intervals, "pending": pending})
}

fn paths(ran: &Ran) -> Vec<&str> {
    ran.asked.iter().map(|asked| asked.trim_start_matches("/v1/pulls")).collect()
}

#[tokio::test]
async fn children_are_read_for_changed_parents_only() {
    let state = json!({"pulls": bookmark(5), "reviews": follower(Some(5), json!([]), json!([]))});
    let replies = vec![last(&[(9, 9), (5, 5), (4, 4)]), last(&[(90, 9)]), last(&[])];
    let ran = sync(vec![pulls(), reviews()], state, replies).await;
    assert_eq!(paths(&ran), ["", "/9/reviews", "/5/reviews"]);
    assert_eq!(ids(&ran, "pulls"), [9, 5]);
    let after = json!({"pulls": bookmark(9), "reviews": follower(Some(9), json!([]), json!([]))});
    assert_eq!(ran.bookmarks(), after);
}

#[tokio::test]
async fn a_follower_that_is_behind_lets_its_parent_be_scanned_again_without_its_records() {
    let state = json!({"pulls": bookmark(8)});
    let replies = vec![
        next(&[(9, 9), (7, 7)], "/v1/pulls?p=2"),
        last(&[(3, 3)]),
        last(&[]),
        last(&[]),
        last(&[]),
    ];
    let ran = sync(vec![pulls(), reviews()], state, replies).await;
    assert_eq!(paths(&ran), ["", "?p=2", "/9/reviews", "/7/reviews", "/3/reviews"]);
    assert_eq!(ids(&ran, "pulls"), [9], "only what its own bookmark lacks");
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn a_child_that_fails_is_noted_and_tried_first_by_the_next_run() {
    let broken = || Reply::status(422).body("{}");
    let replies = vec![last(&[(9, 9), (8, 8)]), broken(), last(&[(80, 8)])];
    let ran = sync(vec![pulls(), reviews()], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Partial);
    let noted = json!([{"pull": 9}]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), noted.clone()));

    let state = json!({"pulls": bookmark(9), "reviews": follower(Some(9), json!([]), noted)});
    let replies = vec![last(&[(90, 9)]), last(&[(9, 8)])];
    let ran = sync(vec![pulls(), reviews()], state.clone(), replies).await;
    assert_eq!(paths(&ran), ["/9/reviews", ""]);
    assert_eq!(ids(&ran, "reviews"), [90]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));

    let gone = || Reply::status(404).body("{}");
    let ran = sync(vec![pulls(), reviews()], state, vec![gone(), gone(), last(&[])]).await;
    assert_eq!(ran.outcome, Outcome::Ok, "what is gone needs no further trial");
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn a_bookmark_does_not_pass_children_that_were_not_read() {
    // The run ends for good at the last review; the parent was read to its end before.
    let refused = Reply::status(401).body("{}");
    let pages = || {
        vec![
            next(&[(9, 9), (8, 8)], "/v1/pulls?p=2"),
            next(&[(7, 7), (6, 6)], "/v1/pulls?p=3"),
            last(&[(5, 5)]),
        ]
    };
    let mut replies = pages();
    replies.extend([last(&[]), last(&[]), last(&[]), last(&[]), refused]);
    let ran = sync(vec![pulls(), reviews()], json!({}), replies).await;
    assert_eq!(ran.outcome, Outcome::Auth);
    assert_eq!(ran.bookmarks()["pulls"], bookmark(9));
    let covered = json!([[hour_of(7), hour_of(9)]]);
    assert_eq!(ran.bookmarks()["reviews"], follower(None, covered, json!([])));

    let mut replies = pages();
    replies.extend([last(&[]), last(&[]), last(&[])]);
    let ran = sync(vec![pulls(), reviews()], ran.bookmarks(), replies).await;
    assert_eq!(paths(&ran)[3..], ["/9/reviews", "/6/reviews", "/5/reviews"]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn a_full_table_of_children_is_read_for_every_parent() {
    let replies = vec![last(&[(9, 9), (4, 4)]), last(&[]), last(&[])];
    let plain = stream("reviews").child_of("pulls", ["pull"]).get("/pulls/{pull}/reviews");
    let ran = sync(vec![pulls(), plain], json!({"pulls": bookmark(5)}), replies).await;
    assert_eq!(paths(&ran), ["", "/9/reviews", "/4/reviews"]);
    assert_eq!(ids(&ran, "pulls"), [9]);
}

#[tokio::test]
async fn nothing_is_asked_for_where_the_parent_says_that_there_is_nothing() {
    let rows = json!([{"id": 9, "at": hour_of(9), "name": "some"},
        {"id": 8, "at": hour_of(8), "name": ""}, {"id": 7, "at": hour_of(7), "name": null}]);
    let replies = vec![Reply::json(rows.to_string()), last(&[])];
    let ran = sync(vec![pulls(), reviews().only_if("name")], json!({}), replies).await;
    assert_eq!(paths(&ran), ["", "/9/reviews"]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

/// Reviews of several pulls at once.
fn batched() -> Stream {
    stream("reviews")
        .child_of("pulls", ["pull"])
        .get("/pulls/reviews")
        .param("of", "{pull*}")
        .follows_parent()
        .batch(2)
}

#[tokio::test]
async fn a_batch_asks_for_several_parents_at_once() {
    let replies = vec![last(&[(9, 9), (8, 8), (7, 7)]), last(&[(90, 9), (80, 8)]), last(&[])];
    let ran = sync(vec![pulls(), batched()], json!({}), replies).await;
    assert_eq!(paths(&ran), ["", "/reviews?of=9%2C8", "/reviews?of=7"]);
    assert_eq!(ids(&ran, "reviews"), [90, 80]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn a_batch_that_fails_is_asked_for_one_by_one() {
    let broken = || Reply::status(422).body("{}");
    let replies = vec![last(&[(9, 9), (8, 8)]), broken(), last(&[(90, 9)]), broken()];
    let ran = sync(vec![pulls(), batched()], json!({}), replies).await;
    let asked = paths(&ran);
    assert_eq!(asked[..2], ["", "/reviews?of=9%2C8"]);
    let mut singles = asked[2..].to_vec();
    singles.sort_unstable();
    assert_eq!(singles, ["/reviews?of=8", "/reviews?of=9"]);
    assert_eq!(ids(&ran, "reviews"), [90]);
    assert_eq!(ran.bookmarks()["reviews"]["pending"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_status_that_is_tolerated_speaks_for_one_partition_of_a_batch() {
    let replies =
        vec![last(&[(9, 9), (8, 8)]), Reply::status(403), last(&[(90, 9)]), Reply::status(403)];
    let ran = sync(vec![pulls(), batched().tolerate([403])], json!({}), replies).await;
    assert_eq!((ran.outcome, ids(&ran, "reviews")), (Outcome::Ok, vec![90]));
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn children_of_a_page_that_come_again_on_the_next_are_read_once() {
    let replies = vec![
        next(&[(9, 9), (8, 8)], "/v1/pulls?p=2"),
        last(&[(8, 8), (7, 7)]),
        last(&[]),
        last(&[]),
        last(&[]),
    ];
    let ran = sync(vec![pulls(), reviews()], json!({}), replies).await;
    assert_eq!(paths(&ran), ["", "?p=2", "/9/reviews", "/8/reviews", "/7/reviews"]);
}

#[tokio::test]
async fn a_parent_waits_while_too_many_children_do() {
    let rows: Vec<(u64, u64)> = (0..1_500).map(|id| (id, 9)).collect();
    let mut replies = vec![last(&rows)];
    replies.extend((0..1_500).map(|_| last(&[])));
    let ran = sync(vec![pulls(), reviews()], json!({}), replies).await;
    assert_eq!((ran.outcome, ran.asked.len()), (Outcome::Ok, 1_501));
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn children_are_read_as_far_back_as_their_parent() {
    let state = json!({"pulls": bookmark(8), "reviews": follower(Some(8), json!([]), json!([]))});
    let pulls = pulls().lookback(Duration::from_secs(2 * 3_600));
    let replies = vec![last(&[(9, 9), (7, 7), (5, 5)]), last(&[]), last(&[])];
    let ran = sync(vec![pulls, reviews()], state, replies).await;
    assert_eq!(paths(&ran), ["", "/9/reviews", "/7/reviews"]);
}

#[tokio::test]
async fn a_bookmark_does_not_pass_the_children_of_a_record_that_was_rejected() {
    let rows =
        json!([{"id": 9, "at": hour_of(9)}, {"at": hour_of(8)}, {"id": 7, "at": hour_of(7)}]);
    let replies = vec![Reply::json(rows.to_string()), last(&[]), last(&[])];
    let ran = sync(vec![pulls(), reviews()], json!({}), replies).await;
    assert_eq!(paths(&ran), ["", "/9/reviews", "/7/reviews"]);
    assert_eq!(ran.outcome, Outcome::Partial);
    assert_eq!(ran.bookmarks()["reviews"], Value::Null, "it is read again by the next run");
}

#[tokio::test]
async fn what_is_tolerated_is_not_tried_again() {
    let noted = json!([{"pull": 9}]);
    let state = json!({"pulls": bookmark(9), "reviews": follower(Some(9), json!([]), noted)});
    let replies = vec![Reply::status(403), last(&[])];
    let ran = sync(vec![pulls(), reviews().tolerate([403])], state, replies).await;
    assert_eq!(paths(&ran), ["/9/reviews", ""]);
    assert_eq!(ran.bookmarks()["reviews"], follower(Some(9), json!([]), json!([])));
}

#[tokio::test]
async fn what_another_tap_read_with_its_parent_goes_on_from_the_bookmark_of_that() {
    let streams = || {
        let accounts = stream("accounts").get("/accounts").child_context([("account", "id")]);
        let pulls = pulls().child_of("accounts", ["account"]);
        vec![accounts, pulls, reviews().child_of("pulls", ["account", "pull"])]
    };
    let replies = |reviews: usize| {
        let pages = [last(&[(1, 1)]), last(&[(9, 9), (7, 7)])];
        pages.into_iter().chain((0..reviews).map(|_| last(&[]))).collect()
    };
    // It knows no bookmark of what it reads for each pull, and names each of them.
    let above = json!({"partitions": [{"context": {"account": 1}, "replication_key": "at",
        "replication_key_value": hour_of(8)}]});
    let named = [3, 7].map(|pull| json!({"context": {"account": 1, "pull": pull}}));
    let state = json!({"pulls": above, "reviews": {"partitions": named}});
    let ran = sync(streams(), state, replies(1)).await;
    assert_eq!(paths(&ran), ["/v1/accounts", "", "/9/reviews"]);
    let after = json!({"partitions": {"1": follower(Some(9), json!([]), json!([]))}});
    assert_eq!(ran.bookmarks()["reviews"], after);

    // One that it does not name was never read.
    let ran = sync(streams(), json!({"pulls": above}), replies(2)).await;
    assert_eq!(paths(&ran), ["/v1/accounts", "", "/9/reviews", "/7/reviews"]);
}
