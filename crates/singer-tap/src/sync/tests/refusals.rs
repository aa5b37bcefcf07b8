//! Streams whose API answers with text, and may not have one.

use super::*;
use singer_protocol::transform::{from_parent, has, rename};

const SCHEMA: &str = r#"{"type": "object", "properties": {
    "sha": {"type": "integer"},
    "diff": {"type": ["null", "string"]},
    "success": {"type": ["null", "boolean"]},
    "why": {"type": ["null", "string"]}}}"#;

fn commits() -> Stream {
    stream("commits")
        .get("/commits")
        .incremental("at", Since::StopAt)
        .child_context([("sha", "id")])
}

fn diffs() -> Stream {
    Stream::new("diffs")
        .schema(SCHEMA)
        .key(["sha"])
        .child_of("commits", ["sha"])
        .follows_parent()
        .get("/commits/{sha}")
        .text()
        .or_reason("why", [406])
        .transform([rename("text", "diff"), has("diff", "success"), from_parent("sha")])
}

/// The record of the one commit's diff over these answers.
async fn diff(state: Value, replies: Vec<Reply>) -> (Outcome, Vec<Value>) {
    let ran = sync(vec![commits(), diffs()], state, replies).await;
    let is_row = |message: &&Value| message["type"] == "RECORD" && message["stream"] == "diffs";
    (ran.outcome, ran.messages.iter().filter(is_row).map(|row| row["record"].clone()).collect())
}

/// What a first run makes of these answers to the one diff.
async fn check(replies: Vec<Reply>, outcome: Outcome, record: Option<Value>) {
    let replies = [vec![last(&[(1, 1)])], replies].concat();
    assert_eq!(diff(json!({}), replies).await, (outcome, Vec::from_iter(record)));
}

fn text(body: &'static str) -> Reply {
    Reply::status(200).header("content-type", "text/plain").body(body)
}

fn gone() -> Reply {
    Reply::status(404).body("{}")
}

fn down() -> Reply {
    Reply::status(502).body("{}")
}

fn refused(reason: &str) -> Value {
    json!({"sha": 1, "success": false, "why": reason})
}

#[tokio::test]
async fn a_text_is_a_record_whatever_is_in_it() {
    for body in ["+a \"b\"\n", "", "[]", "<html>"] {
        let record = json!({"sha": 1, "diff": body, "success": true});
        check(vec![text(body)], Outcome::Ok, Some(record)).await;
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_had_for_its_own_sake_is_a_record_with_the_reason() {
    check(vec![Reply::status(406).body("{}")], Outcome::Ok, Some(refused("status 406"))).await;
    let huge = Reply::status(200).header("content-length", "99999999999");
    check(vec![huge], Outcome::Ok, Some(refused("the answer is too large"))).await;
}

#[tokio::test]
async fn what_may_be_an_outage_becomes_a_record_only_where_the_next_run_meets_it_again() {
    check(vec![gone(), gone()], Outcome::Partial, None).await;
    check(vec![down(), down(), down()], Outcome::Partial, None).await;

    let noted = json!({"commits": bookmark(1), "diffs": {"replication_key": "at",
        "replication_key_value": hour_of(1), "intervals": [], "pending": [{"sha": 1}]}});
    let again = async |replies: Vec<Reply>, reason| {
        let replies = [replies, vec![last(&[])]].concat();
        assert_eq!(diff(noted.clone(), replies).await, (Outcome::Ok, vec![refused(reason)]));
    };
    again(vec![gone(), gone()], "status 404").await;
    again(vec![down(), down(), down()], "status 502").await;
}
