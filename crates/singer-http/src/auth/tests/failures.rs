use std::time::Duration;

use super::*;
use crate::auth::OAuth;
use crate::auth::testing::{grants, refuses};
use crate::error::{Error, Exit};
use crate::testing::Reply;
use crate::transport::Break;

/// Signs once over `replies`: the error if there is one, and how many questions it took.
async fn outcome(grant: Grant, replies: Vec<Reply>) -> (Option<Error>, Login, usize) {
    let login = Login::new(replies);
    let auth = OAuth::new("refresh_token", grant).unwrap();
    let signed = login.sign(&auth).await;
    let asked = login.transport.sent().len();
    if let Err(error) = &signed {
        let shown = format!("{error} {error:?} {auth:?}");
        assert!(shown.contains("login.example"), "{shown}");
        for secret in ["s3cret", FIRST, "canary"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    (signed.err(), login, asked)
}

#[tokio::test]
async fn failures_are_tried_again_only_where_that_uses_nothing_up() {
    let check = async |grant: fn() -> Grant, reply: Reply, times: usize, asked: usize, id: &str| {
        let mut replies = vec![reply; times];
        replies.push(grants("t1", None));
        let (error, _, count) = outcome(grant(), replies).await;
        let found = error.map_or("", |error| error.id());
        assert_eq!((found, count), (id, asked));
    };
    let unavailable = || Reply::status(503);
    let busy = || Reply::status(429);
    let timeout = || Reply::broken(Break::Timeout);
    let unsent = || Reply::broken(Break::Connect);
    let cut = || grants("canary", None).cut_at(9);
    // A page of a proxy's in between.
    let page = || Reply::status(200).header("content-type", "text/html").body("<p>canary</p>");
    // What can be asked again harmlessly is asked four times.
    let half = || Reply::status(200).body(r#"{"access_token": "canary"#);
    let harmless =
        [unavailable(), busy(), timeout(), cut(), page(), half(), refuses("server_error")]
            .into_iter()
            .chain([Reply::json("<html>canary")]);
    for reply in harmless {
        check(repeatable, reply.clone(), 3, 4, "").await;
        check(repeatable, reply, 4, 4, "AUTH04").await;
    }
    check(repeatable, unsent(), 4, 4, "NET01").await;
    let fixed = || rotating().never_rotates();
    check(fixed, unavailable(), 3, 4, "").await;
    // What may be used up by asking is asked twice, unless the server certainly did nothing.
    for reply in [unavailable(), timeout(), cut(), refuses("unknown_error")] {
        check(rotating, reply.clone(), 1, 2, "").await;
        check(rotating, reply, 2, 2, "AUTH04").await;
    }
    for reply in [busy(), refuses("slow_down")] {
        check(rotating, reply.clone(), 3, 4, "").await;
        check(rotating, reply, 4, 4, "AUTH04").await;
    }
    for reply in [unsent(), Reply::broken(Break::Dns)] {
        check(rotating, reply.clone(), 3, 4, "").await;
        check(rotating, reply, 4, 4, "NET01").await;
    }
    // A refusal is final.
    for grant in [repeatable, rotating] {
        check(grant, refuses("invalid_client"), 1, 1, "AUTH01").await;
        check(grant, refuses("invalid_grant"), 1, 1, "AUTH01").await;
        check(grant, Reply::status(404).body("canary"), 1, 1, "AUTH01").await;
        check(grant, Reply::json(r#"{"error": "bad_verification_code"}"#), 1, 1, "AUTH01").await;
        check(grant, Reply::broken(Break::Tls), 1, 1, "TLS01").await;
        check(grant, Reply::broken(Break::Proxy), 1, 1, "NET03").await;
        check(grant, Reply::json(r#"{"token": "canary"}"#), 1, 1, "AUTH02").await;
        check(grant, grants("canary\r\nx: y", None), 1, 1, "AUTH02").await;
        check(grant, grants("canary é", None), 1, 1, "AUTH02").await;
        check(grant, grants("", None), 1, 1, "AUTH02").await;
        check(grant, grants("t1", Some("canary ")), 1, 1, "AUTH02").await;
        let elsewhere = Reply::status(307).header("location", "https://evil.example/canary");
        check(grant, elsewhere, 1, 1, "AUTH02").await;
        check(grant, Reply::json(vec![b' '; 2 << 20]), 1, 1, "CAP02").await;
    }
}

#[tokio::test]
async fn a_refusal_names_the_code_and_the_remedy() {
    let check =
        async |reply: Reply, parts: &[&str]| {
            let (error, ..) = outcome(rotating(), vec![reply]).await;
            let error = error.unwrap();
            assert_eq!(error.exit(), Exit::Auth);
            let text = error.to_string();
            assert!(text.starts_with(
                "`https://login.example` refused to grant a token for `refresh_token`"
            ));
            assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        };
    check(refuses("invalid_grant"), &["(`invalid_grant`)", "log in anew"]).await;
    check(refuses("invalid_client"), &["(`invalid_client`)", "id and secret"]).await;
    check(Reply::status(404), &["(`status 404`)", "settings"]).await;
    check(refuses("no code"), &["(`status 400`)"]).await;
}

#[tokio::test]
async fn waits_grow_and_follow_the_server_within_reason() {
    let busy = |after: &str| Reply::status(429).header("retry-after", after);
    let replies = vec![Reply::status(500), busy("7"), busy("86400"), grants("t1", None)];
    let (error, login, _) = outcome(repeatable(), replies).await;
    assert!(error.is_none());
    assert_eq!(login.clock.waits(), [250, 7_000, 60_000].map(Duration::from_millis));
}

#[tokio::test]
async fn a_credential_that_was_refused_asks_no_more_and_one_that_only_failed_does() {
    let login = Login::new([refuses("invalid_grant")]);
    let auth = OAuth::new("login", rotating()).unwrap();
    for _ in 0..3 {
        assert_eq!(login.sign(&auth).await.unwrap_err().id(), "AUTH01");
    }
    assert_eq!(login.transport.sent().len(), 1);
    let replies = [Reply::status(500), Reply::status(500), grants("t1", None)];
    let login = Login::new(replies);
    let auth = OAuth::new("login", rotating()).unwrap();
    let error = login.sign(&auth).await.unwrap_err();
    assert_eq!((error.id(), error.exit()), ("AUTH04", Exit::Unavailable));
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer t1");
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_given_up_within_its_deadline() {
    let (error, login, asked) = outcome(rotating(), vec![Reply::silence(), Reply::silence()]).await;
    assert_eq!((error.unwrap().id(), asked), ("AUTH04", 2));
    assert!(crate::clock::Clock::elapsed(&login.clock) < Duration::from_secs(125));
}
