//! Several credentials.

use std::sync::Arc;

use singer_http::testing::{Reply, captured};
use singer_http::{Ask, Authenticator, BoxFuture, Scope, Signature};

use super::*;

/// A token of somebody, which can be revoked or need a renewal first.
struct Token {
    name: &'static str,
    owner: &'static str,
    revoked: bool,
    renewable: bool,
}

fn token(name: &'static str, owner: &'static str) -> Token {
    Token { name, owner, revoked: false, renewable: false }
}

impl Authenticator for Token {
    fn label(&self) -> Arc<str> {
        self.name.into()
    }

    fn identity(&self) -> Arc<str> {
        self.owner.into()
    }

    fn sign<'a>(&'a self, _: &'a Ask<'a>) -> BoxFuture<'a, Result<Option<Signature>, Error>> {
        let value = format!("Bearer {}", self.name);
        let header = singer_http::HeaderName::from_static("authorization");
        let signature = Signature::header(header, value.parse().unwrap());
        let signed = if self.revoked {
            Err(Error::no_credential(self.name, "revoked"))
        } else {
            Ok(Some(signature))
        };
        Box::pin(async move { signed })
    }

    fn can_refresh(&self) -> bool {
        self.renewable
    }
}

fn pool<const N: usize>(tokens: [Token; N], replies: Vec<Reply>) -> Scene {
    scene_with(replies, |spec| {
        spec.auth = tokens.into_iter().map(|token| Arc::new(token) as Arc<_>).collect();
    })
}

fn left(remaining: u32, reset_in: i64) -> Reply {
    quota(Reply::json("[]"), remaining, reset_in)
}

fn quota(reply: Reply, remaining: u32, reset_in: i64) -> Reply {
    reply
        .header("date", "Tue, 24 Nov 2026 16:00:00 GMT")
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", &remaining.to_string())
        .header("x-ratelimit-reset", &(1_795_536_000 + reset_in).to_string())
}

impl Scene {
    /// The tokens that signed, in their order.
    fn signers(&self) -> String {
        let sent = self.transport.sent();
        let names = sent.iter().map(|sent| sent.header("authorization").replace("Bearer ", ""));
        names.collect::<Vec<_>>().join(" ")
    }
}

#[tokio::test]
async fn the_credential_with_most_left_signs() {
    let replies = vec![left(3_000, 3_600), left(4_000, 3_600), left(2_990, 3_600), left(9, 9)];
    let scene = pool([token("a", "ann"), token("b", "bob")], replies);
    for _ in 0..4 {
        scene.page().await;
    }
    assert_eq!(scene.signers(), "a b b a");
}

#[tokio::test]
async fn a_spent_credential_is_told_and_the_others_go_on() {
    let replies = vec![quota(Reply::status(403), 0, 692), left(4_000, 60), left(0, 60), left(9, 9)];
    let scene = pool([token("a", "ann"), token("b", "bob")], replies);
    let log = captured(async {
        for _ in 0..3 {
            scene.page().await;
        }
    })
    .await;
    assert_eq!((scene.signers().as_str(), scene.clock.waited()), ("a b b b", secs(61)));
    let mut lines = log.lines();
    assert_eq!(
        lines.next().unwrap(),
        "WARN [RATE01] the `core` limit of `https://api.example` is used up for `a` for 11m 32s, \
         until 16:11:32 UTC · going on with 1 of 2 credentials"
    );
    assert_eq!(
        lines.next().unwrap(),
        "WARN [RATE01] the `core` limit of `https://api.example` is used up for `b`, none of 2 \
         credentials is usable · waiting 1m 1s, until 16:01:01 UTC"
    );
}

#[tokio::test]
async fn two_tokens_of_one_user_share_its_limits() {
    let scene = pool([token("a", "ann"), token("b", "ann")], vec![left(0, 60), left(9, 9)]);
    scene.page().await;
    scene.page().await;
    assert_eq!(scene.clock.waited(), secs(61));
    assert_eq!(scene.stats().quotas.len(), 1);
    assert_eq!(&*scene.stats().quotas[0].credential, "ann");
}

#[tokio::test]
async fn a_rejected_credential_is_dropped_and_the_last_one_ends_the_run() {
    let rejected = || Reply::status(401);
    let renewable = Token { renewable: true, ..token("a", "ann") };
    let replies = vec![rejected(), rejected(), left(9, 9), rejected()];
    let scene = pool([renewable, token("b", "bob")], replies);
    let log = captured(async {
        scene.page().await;
        let error = scene.error("AUTH01").await;
        assert_eq!((error.scope(), error.exit().code()), (Scope::Run, 3));
        assert!(error.to_string().contains("`b`"), "{error}");
    })
    .await;
    assert_eq!(scene.signers(), "a a b b", "it is renewed once, then dropped");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.starts_with("WARN [AUTH01] ") && log.contains("`a`"), "{log}");
    scene.error("AUTH01").await;
    assert_eq!(scene.requests(), 4, "nothing more is sent");
}

#[tokio::test]
async fn a_credential_that_cannot_be_had_is_dropped_too() {
    let gone = || Token { revoked: true, ..token("a", "ann") };
    let scene = pool([gone(), token("b", "bob")], vec![left(9, 9)]);
    let log = captured(async {
        scene.page().await;
    })
    .await;
    assert!(log.starts_with("WARN [AUTH02] no token could be had for `a` (revoked)"), "{log}");
    pool([gone()], vec![]).error("AUTH02").await;
}

#[tokio::test]
async fn a_credential_without_a_permission_is_kept() {
    let replies = vec![Reply::status(403), Reply::json("[]"), Reply::json("[]")];
    let scene = pool([token("a", "ann")], replies);
    scene.error("PERM01").await;
    scene.page().await;
    assert_eq!(scene.signers(), "a a");
}
