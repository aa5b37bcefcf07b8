//! Failures that pass, and failures that do not.

use std::sync::{Arc, Mutex};

use singer_http::testing::{Reply, env};
use singer_http::{
    Answer, Break, Client, ClientSpec, Deadlines, Env, Finished, Meaning, Observer, Request, Said,
    Scope,
};

use super::*;

#[tokio::test]
async fn a_page_comes_with_what_belongs_to_it() {
    let ok = Reply::json("[1]")
        .header("date", "Tue, 24 Nov 2026 15:59:58 GMT")
        .header("link", r#"</repositories/7/issues?page=2>; rel="next""#);
    let scene = scene([ok]);
    let page = scene.page().await;
    assert_eq!((page.status.as_u16(), &page.body[..], page.empty), (200, &b"[1]"[..], false));
    assert_eq!(page.date, "2026-11-24T15:59:58Z".parse().ok());
    let next = page.link("next").unwrap().unwrap();
    assert_eq!(next.as_str(), "https://api.example/repositories/7/issues?page=2");
    assert_eq!(page.link("last").unwrap(), None);
    let sent = &scene.transport.sent()[0];
    assert_eq!(sent.header("authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(sent.header("accept-encoding"), "gzip");
    assert!(sent.header("user-agent").starts_with("singer-http/"));
    assert!(scene.clock.waits().is_empty());
}

#[tokio::test]
async fn an_own_header_wins_but_not_over_the_credential() {
    let scene = scene_with([Reply::json("{}")], |spec| {
        spec.user_agent = "tap-x/1 (+mail@example)".to_owned();
        spec.headers.insert("accept", "text/plain".parse().unwrap());
        spec.headers.insert("x-version", "1".parse().unwrap());
    });
    let mut request = get();
    request.headers.insert("accept", "application/json".parse().unwrap());
    request.headers.insert("authorization", "Bearer other".parse().unwrap());
    scene.send(&request).await.unwrap();
    let sent = &scene.transport.sent()[0];
    assert_eq!(sent.header("user-agent"), "tap-x/1 (+mail@example)");
    assert_eq!(sent.header("accept"), "application/json");
    assert_eq!(sent.header("x-version"), "1");
    assert_eq!(sent.header("authorization"), format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn passing_failures_are_waited_out_longer_each_time() {
    let scene = scene([
        Reply::status(503),
        Reply::broken(Break::Reset),
        Reply::status(500),
        Reply::json("[]"),
    ]);
    scene.page().await;
    assert_eq!(scene.clock.waits(), [millis(250), millis(500), millis(1000)]);
    let stats = scene.stats();
    assert_eq!((stats.requests, stats.retries, stats.waits), (4, 3, 3));
    assert_eq!((stats.wire, stats.decoded, stats.waited), (2, 2, millis(1750)));
}

#[tokio::test]
async fn a_lost_keep_alive_race_is_run_again_at_once_and_only_the_first_time() {
    let closed = || Reply::broken(Break::Closed);
    let scene = scene([closed(), closed(), Reply::json("[]")]);
    scene.page().await;
    assert_eq!(scene.clock.waits(), [millis(250)]);
}

#[tokio::test]
async fn a_failure_that_stays_ends_after_eight_requests() {
    let scene = scene((0..8).map(|_| Reply::status(502).header("x-request-id", "8F4A")));
    let error = scene.error("API02").await;
    assert_eq!((error.scope(), error.exit().code()), (Scope::Stream, 4));
    assert_eq!(scene.requests(), 8);
    assert_eq!(error.site().attempts, 8);
    assert_eq!(error.site().request_id.as_deref(), Some("8F4A"));
}

#[tokio::test]
async fn a_request_with_something_better_to_try_is_sent_less_often() {
    let scene = scene((0..2).map(|_| Reply::status(502)));
    let request = Request { most_attempts: 2, ..get() };
    let error = scene.send(&request).await.unwrap_err();
    assert_eq!((error.id(), scene.requests()), ("API02", 2));
}

#[tokio::test]
async fn a_failure_that_is_slow_ends_after_a_quarter_of_an_hour() {
    let scene = scene_with((0..8).map(|_| Reply::silence()), |spec| {
        spec.deadlines = Deadlines { first_byte: secs(200), ..Deadlines::default() };
    });
    scene.error("NET02").await;
    assert_eq!(scene.requests(), 5, "the fifth ends after 1,000 seconds");
}

#[tokio::test]
async fn every_part_of_an_exchange_has_its_deadline() {
    let check = async |first: Reply, want: &str, after: Duration| {
        let scene = scene([first, Reply::json("[]")]);
        let log = singer_http::testing::captured(async {
            scene.page().await;
        })
        .await;
        assert_eq!(scene.transport.sent()[1].at, after + millis(250));
        assert!(log.contains("[NET02]") && log.contains(want), "{log}");
    };
    check(Reply::silence(), "nothing came within 1m 0s", secs(60)).await;
    check(Reply::json("[1,2,3]").stall_at(3), "nothing came within 30s", secs(30)).await;
    let late = Reply::json("[1]").after(secs(59)).stall_at(0);
    check(late, "nothing came within 30s", secs(89)).await;
}

#[tokio::test]
async fn a_slow_trickle_ends_with_the_deadline_of_the_whole() {
    let scene = scene_with([Reply::json("[1]").after(secs(55)).stall_at(0)], |spec| {
        spec.deadlines.total = secs(70);
    });
    let request = Request { repeatable: false, ..get() };
    let error = scene.send(&request).await.unwrap_err();
    assert!(error.to_string().contains("it was not complete within 1m 10s"), "{error}");
}

#[tokio::test]
async fn something_missing_is_confirmed_before_it_is_believed() {
    let scene =
        scene([Reply::status(404), Reply::json("[]"), Reply::status(404), Reply::status(404)]);
    scene.page().await;
    assert_eq!(scene.clock.waits(), [secs(2)]);
    let error = scene.error("PERM03").await;
    assert_eq!((error.scope(), error.exit().code()), (Scope::Partition, 6));
}

#[tokio::test]
async fn an_answer_that_is_being_prepared_is_waited_for() {
    let scene = scene([Reply::status(202), Reply::status(202), Reply::json("[]")]);
    scene.page().await;
    assert_eq!(scene.clock.waits(), [secs(5), secs(10)]);
}

#[tokio::test]
async fn what_the_api_says_is_judged_and_shown() {
    fn reads(answer: &Answer<'_>) -> Option<Said> {
        let text = String::from_utf8_lossy(answer.body);
        text.contains("error").then(|| Meaning::Forbidden.because("INSUFFICIENT_ACCESS\u{1b}"))
    }
    let replies = [Reply::json("{\"error\": 7}"), Reply::json("[]")];
    let scene = scene_with(replies, |spec| spec.rules.reads = Some(reads));
    let error = scene.error("PERM01").await;
    let shown = "(it says `INSUFFICIENT_ACCESS\\u{1b}`, status 200)";
    assert!(error.to_string().contains(shown), "{error}");
    scene.page().await;
}

#[tokio::test]
async fn the_sentence_in_the_body_of_an_error_is_shown() {
    let check = async |status: u16, body: &'static str, shown: &str| {
        let replies = [Reply::status(status).body(body)];
        let scene = scene_with(replies, |spec| spec.rules.words_at = Some("/message"));
        let error = scene.send(&get()).await.unwrap_err().to_string();
        assert!(error.contains(shown), "{error}");
    };
    check(422, "{\"message\": \" no such\\u001b sort \"}", "(it says `no such\\u{1b} sort`").await;
    check(422, "{\"message\": \"\"}", "(status 422").await;
    check(422, "{\"message\": {}}", "(status 422").await;
    check(422, "<title>no", "(status 422").await;
}

#[tokio::test]
async fn a_declared_status_is_an_empty_page() {
    let scene = scene([Reply::status(409).body("{\"message\":\"empty\"}")]);
    let mut request = get();
    request.expect.empty = vec![singer_http::StatusCode::CONFLICT];
    let page = scene.send(&request).await.unwrap();
    assert!(page.empty && page.body.is_empty());
}

#[tokio::test]
async fn a_request_to_another_origin_is_not_sent() {
    let scene = scene([]);
    let request = Request::get(Url::parse("https://evil.example/").unwrap());
    let error = scene.send(&request).await.unwrap_err();
    assert_eq!((error.id(), scene.requests()), ("SEC01", 0));
}

#[tokio::test]
async fn the_wait_for_a_page_that_does_not_parse_grows() {
    let scene = scene([]);
    scene.client.backoff(0).await;
    scene.client.backoff(2).await;
    assert_eq!(scene.clock.waits(), [millis(250), millis(1000)]);
}

#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl Observer for Diary {
    fn finished(&self, it: &Finished<'_>) {
        let status = it.status.map(|status| status.as_u16());
        let line =
            format!("{} {status:?} {:?} {} {}", it.label, it.duration, it.wire, it.succeeded);
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn an_observer_is_told_of_every_exchange() {
    let scene = scene([Reply::status(500), Reply::json("[1]").after(secs(3))]);
    let diary = Arc::new(Diary::default());
    let spec = ClientSpec::new(
        Url::parse(BASE).unwrap(),
        Arc::new(singer_http::Anonymous),
        singer_http::Rules::PLAIN,
    );
    let env = Env { observer: diary.clone(), ..env(&scene.transport, &scene.clock) };
    let client = Client::new(spec, env).unwrap();
    client.send(&Request { label: "/issues".to_owned(), ..get() }).await.unwrap();
    let diary = diary.0.lock().unwrap().join("\n");
    assert_eq!(diary, "/issues Some(500) 0ns 0 false\n/issues Some(200) 3s 3 true");
}
