//! What errors say.

use singer_http::testing::Reply;
use singer_http::{Break, Request};

use super::*;

async fn check(reply: Reply, want: &str) {
    let scene = scene_with([reply], |spec| spec.max_wait = Duration::ZERO);
    let request = Request { repeatable: false, ..get() };
    let error = scene.send(&request).await.unwrap_err();
    assert_eq!(format!("[{}] {error}", error.id()), want);
}

#[tokio::test]
async fn errors_say_what_happened_where_and_what_can_be_done() {
    check(
        Reply::status(401).header("x-request-id", "8F4A:1C2B"),
        "[AUTH01] `https://api.example/repos/a/b/issues` rejected the credential `env TOKEN` \
         (status 401, request `8F4A:1C2B`): create a new credential or name another",
    )
    .await;
    check(
        Reply::status(403),
        "[PERM01] the credential `env TOKEN` has no permission for \
         `https://api.example/repos/a/b/issues` (status 403): grant the permission or de-select it",
    )
    .await;
    check(
        Reply::status(403).header("x-sso", "required; url=https://sso.example/?x=y"),
        "[PERM02] access policy keeps `env TOKEN` out of `https://api.example/repos/a/b/issues` \
         (status 403): authorise the credential for single sign-on, or this address in the \
         organisation's list",
    )
    .await;
    check(
        Reply::status(451),
        "[PERM04] `https://api.example/repos/a/b/issues` is withheld (status 451): remove it \
         from the configuration",
    )
    .await;
    check(
        Reply::status(422).body("{\"message\":\"body text\"}"),
        "[API01] `https://api.example/repos/a/b/issues` rejected the request as wrong (status \
         422): this is a defect of the tap or of a setting that it passes on; please report it",
    )
    .await;
    check(
        Reply::status(500),
        "[API02] `https://api.example/repos/a/b/issues` is not available (status 500): look at \
         the service's status page and run again later",
    )
    .await;
    check(
        Reply::broken(Break::Reset),
        "[NET04] the connection to `https://api.example/repos/a/b/issues` kept breaking \
         (scripted): usually a proxy or a restart at the other end; run again",
    )
    .await;
    check(
        Reply::broken(Break::Tls),
        "[TLS01] cannot trust `https://api.example` (scripted): add the authority that signed \
         the certificate to the system's trusted ones, or correct the address",
    )
    .await;
    check(
        Reply::json("[1,2]").cut_at(3),
        "[BODY01] the answer of `https://api.example/repos/a/b/issues` ended early, after 3 of 5 \
         bytes (status 200): usually a proxy; run again",
    )
    .await;
    check(
        Reply::status(302).header("location", "https://evil.example/x?token=1"),
        "[SEC01] refused to follow a link of `https://api.example/repos/a/b/issues` to \
         `https://evil.example`, nothing was sent there (only the origin of the base address may \
         be talked to): if this host is yours, set the base address to it",
    )
    .await;
    check(
        Reply::status(429)
            .header("date", "Tue, 24 Nov 2026 16:00:00 GMT")
            .header("retry-after", "90"),
        "[RATE02] `https://api.example` throttles `env TOKEN` (it frees at 2026-11-24 16:01:30 \
         UTC, status 429): run again later with a lower `concurrency`",
    )
    .await;
}

#[tokio::test]
async fn text_from_the_other_side_is_made_safe() {
    let scene = scene([Reply::status(401).header("x-request-id", "a\tb")]);
    let error = scene.error("AUTH01").await;
    assert!(error.to_string().contains(r"`a\u{9}b`"), "{error}");
}
