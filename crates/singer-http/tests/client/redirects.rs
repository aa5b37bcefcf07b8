//! Redirects and links.

use singer_http::testing::{Reply, captured};
use singer_http::{Exit, Request, Scope};

use super::*;

fn moved(status: u16, to: &str) -> Reply {
    Reply::status(status).header("location", to)
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_and_signed_anew() {
    for status in [301, 302, 307, 308] {
        let to = format!("/repositories/7/issues?q={QUERY}");
        let scene = scene([moved(status, &to), Reply::json("[]")]);
        let log = captured(async {
            let page = scene.page().await;
            assert_eq!(page.url.path(), "/repositories/7/issues");
        })
        .await;
        let sent = &scene.transport.sent()[1];
        assert_eq!(sent.header("authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(sent.url.query(), Some(format!("q={QUERY}").as_str()));
        let told =
            "INFO `https://api.example/repos/a/b/issues` moved to `/repositories/7/issues`\n";
        assert_eq!(log, told);
    }
}

#[tokio::test]
async fn a_redirect_to_another_origin_aborts_before_anything_is_sent_there() {
    for to in [
        "https://evil.example/x?a=b",
        "//evil.example/",
        "http://api.example/",
        "https://api.example:444/",
        "https://me@api.example/",
        "/x#f",
    ] {
        let scene = scene([moved(302, to)]);
        let error = scene.error("SEC01").await;
        assert_eq!((error.scope(), error.exit()), (Scope::Run, Exit::Refused));
        assert_eq!(scene.requests(), 1, "{to}");
    }
}

#[tokio::test]
async fn only_five_redirects_in_a_row_and_only_gets_are_followed() {
    let five = scene((0..5).map(|_| moved(301, "/on")).chain([Reply::json("[]")]));
    five.page().await;
    let six = scene((0..6).map(|_| moved(301, "/on")));
    six.error("API03").await;
    let see_other = scene([moved(303, "/on")]);
    see_other.error("API03").await;
    let posted = scene([moved(307, "/on")]);
    let url = Url::parse(BASE).unwrap();
    let error = posted.send(&Request::post(url, "{}")).await.unwrap_err();
    assert_eq!(error.id(), "API03");
}

#[tokio::test]
async fn a_next_link_to_another_origin_is_refused() {
    let link = |target: &str| format!(r#"<{target}>; rel="next""#);
    let scene = scene([
        Reply::json("[]").header("link", &link("https://evil.example/?page=2")),
        Reply::json("[]").header("link", "<https://api.example/?page=2"),
    ]);
    let error = scene.page().await.link("next").unwrap_err();
    assert_eq!(error.id(), "SEC01");
    assert!(error.to_string().contains("`https://evil.example`"), "{error}");
    let error = scene.page().await.link("next").unwrap_err();
    assert_eq!((error.id(), error.exit()), ("PAGE04", Exit::Refused));
}

#[tokio::test]
async fn a_further_origin_may_be_allowed() {
    let scene = scene_with([moved(302, "https://more.example/x"), Reply::json("[]")], |spec| {
        spec.origins.push(Url::parse("https://more.example/ignored").unwrap());
    });
    scene.page().await;
}
