use std::time::Duration;

use super::*;
use crate::auth::testing::grants;
use crate::auth::{Ask, Authenticator as _, OAuth};
use crate::testing::Reply;

fn lasting(token: &str, seconds: u64) -> Reply {
    Reply::json(format!(r#"{{"access_token": "{token}", "expires_in": {seconds}}}"#))
}

/// What signs at each of these seconds.
async fn signed_at(replies: Vec<Reply>, seconds: &[u64]) -> Vec<String> {
    signed_by(repeatable(), replies, seconds).await
}

async fn signed_by(grant: Grant, replies: Vec<Reply>, seconds: &[u64]) -> Vec<String> {
    let login = Login::new(replies);
    let auth = OAuth::new("login", grant).unwrap();
    let mut signed = Vec::new();
    let mut now = 0;
    for at in seconds {
        login.clock.advance(Duration::from_secs(at - now));
        now = *at;
        signed.push(login.sign(&auth).await.unwrap().replace("Bearer ", ""));
    }
    signed
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end() {
    let two = || vec![lasting("a", 3600), lasting("b", 3600)];
    assert_eq!(signed_at(two(), &[0, 3539, 3540, 3541]).await, ["a", "a", "b", "b"]);
    let earlier = repeatable().renewed_before_end(Duration::from_secs(600));
    assert_eq!(signed_by(earlier, two(), &[0, 2999, 3000]).await, ["a", "a", "b"]);
}

#[tokio::test]
async fn a_short_token_is_renewed_after_half_its_life() {
    let two = || vec![lasting("a", 30), lasting("b", 30)];
    assert_eq!(signed_at(two(), &[0, 14, 15, 29]).await, ["a", "a", "b", "b"]);
}

#[tokio::test]
async fn a_token_without_a_known_end_lasts_until_it_is_refused() {
    let never = || Reply::json(r#"{"access_token": "a"}"#);
    assert_eq!(signed_at(vec![never()], &[0, 1_000_000]).await, ["a", "a"]);
    let past = lasting("a", 0);
    assert_eq!(signed_at(vec![past], &[0, 1_000_000]).await, ["a", "a"]);
}

#[tokio::test]
async fn an_end_that_is_an_instant_is_read_by_the_servers_clock() {
    use crate::auth::{Fields, Lifetime};
    let fields = Fields { lifetime: Lifetime::Until("/expires_at"), ..Fields::OAUTH };
    let reply = |token: &str, at: &str| {
        let body = format!(r#"{{"access_token": "{token}", "expires_at": "2026-11-25T{at}Z"}}"#);
        Reply::json(body).header("date", "Wed, 25 Nov 2026 00:00:00 GMT")
    };
    // Our own clock is half a day behind.
    let login = Login::new([reply("a", "01:00:00"), reply("b", "02:00:00")]);
    let auth = OAuth::new("login", repeatable().fields(fields)).unwrap();
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer a");
    login.clock.advance(Duration::from_secs(3539));
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer a");
    login.clock.advance(Duration::from_secs(1));
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer b");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_however_often_it_was_refused() {
    let login = Login::new([grants("a", None), grants("b", None), grants("c", None)]);
    let auth = OAuth::new("login", repeatable()).unwrap();
    let ask = Ask::of("core", &login.env);
    let first = auth.sign(&ask).await.unwrap().unwrap();
    for _ in 0..3 {
        auth.refresh(&first, &ask).await.unwrap();
    }
    assert_eq!(login.transport.sent().len(), 2);
    let second = auth.sign(&ask).await.unwrap().unwrap();
    auth.refresh(&second, &ask).await.unwrap();
    assert_eq!(login.sign(&auth).await.unwrap(), "Bearer c");
    assert!(auth.can_refresh());
}

#[tokio::test]
async fn what_is_granted_is_a_secret_before_it_is_used() {
    let replies = [grants("granted-1", Some("refresh-2")), Reply::status(500), Reply::status(500)];
    let login = Login::new(replies);
    let auth = OAuth::new("login", rotating()).unwrap();
    let log = crate::testing::captured(async {
        login.sign(&auth).await.unwrap();
        assert_eq!(login.learnt.all(), ["granted-1", "refresh-2"]);
        login.clock.advance(Duration::from_secs(3600));
        let error = login.sign(&auth).await.unwrap_err();
        assert_eq!(error.id(), "AUTH04");
        let signature = format!("{error} {error:?} {auth:?}");
        assert!(!signature.contains("granted-1") && !signature.contains("refresh-2"));
    })
    .await;
    assert!(log.contains("[AUTH05]") && log.contains("[AUTH04]"), "{log}");
    for secret in ["granted-1", "refresh-2", FIRST, "s3cret"] {
        assert!(!log.contains(secret), "{log}");
    }
}
