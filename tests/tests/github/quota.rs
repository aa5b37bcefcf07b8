//! Limits of the API, and the credential.

use chrono::{NaiveDateTime, Utc};
use serde_json::json;
use singer_tap_tests::{Mock, TOKEN, Tap, missing};

const REPOS: [&str; 1] = ["acme/widgets"];

#[test]
fn an_exhausted_quota_is_waited_out_and_told() {
    // The wait is over the 5 s that are worth telling, unless three requests take as long.
    const WINDOW: u64 = 12;
    let check = |status| {
        let mock = Mock::start(&format!(
            "--repos 1 --issues 450 --quota 3 --quota-window {WINDOW} --limit-status {status}"
        ));
        let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(0);
        let told = run.told("[RATE01]");
        assert!(!told.is_empty() && told[0].contains("UTC"), "{}", run.log());
        assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
        // The quota is told with every answer: no request is spent on finding out, and none is
        // refused, so the wait was long enough.
        assert_eq!(mock.requests()["statuses"], json!({"200": 6}), "{}", run.log());
    };
    std::thread::scope(|scope| {
        for status in [403, 429] {
            scope.spawn(move || check(status));
        }
    });
}

#[test]
fn several_tokens_share_the_work_by_what_is_left_to_each() {
    let mock = Mock::start("--repos 1 --issues 450 --quota 3 --quota-window 3600");
    let further = json!([format!("{TOKEN}b")]);
    let tap = Tap::of(&mock, &REPOS).with("additional_auth_tokens", further);
    let run = tap.args("--select issues").run().ends_with(0);
    assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
    assert_eq!(mock.requests()["statuses"], json!({"200": 6}), "{}", run.log());
}

#[test]
fn a_token_that_is_rejected_leaves_the_work_to_the_others() {
    let mock = Mock::start(&format!("--repos 1 --issues 250 --token {TOKEN}"));
    let further = json!([format!("{TOKEN}b")]);
    let tap = Tap::of(&mock, &REPOS).with("additional_auth_tokens", further);
    let run = tap.args("--select issues").run().ends_with(0);
    let told = run.told("WARNING [AUTH01]");
    assert_eq!(told.len(), 1, "{}", run.log());
    assert!(told[0].contains("`additional_auth_tokens/0`"), "{}", told[0]);
    assert!(told[0].ends_with("going on with 1 of 2 credentials"), "{}", told[0]);
    assert_eq!(missing(&mock, "issues", &REPOS, &[&run.output()]), [""; 0]);
}

#[test]
fn what_is_left_to_others_is_not_touched() {
    let mock = Mock::start("--repos 1 --issues 450 --quota 6 --quota-window 3600");
    let tap = Tap::of(&mock, &REPOS).with("quota_reserve", 50).with("max_wait", 0);
    let run = tap.args("--select issues").run().ends_with(5);
    assert_eq!(run.told("but for what is left to others").len(), 1, "{}", run.log());
    assert_eq!(mock.requests()["statuses"], json!({"200": 3}), "{}", run.log());
}

#[test]
fn a_quota_that_lasts_longer_than_may_be_waited_ends_with_5_and_a_safe_state() {
    for (limit, id) in [("--quota 4", "[RATE01]"), ("--secondary 4", "[RATE02]")] {
        let mock = Mock::start(&format!("--repos 1 --issues 450 {limit}"));
        let tap =
            |state| Tap::of(&mock, &REPOS).with("max_wait", 0).args("--select issues").state(state);
        let run = tap(None).run().ends_with(5);
        let told = run.told(&format!("CRITICAL {id}"));
        assert_eq!(told.len(), 1, "{}", run.log());
        let first = run.output();
        assert_eq!(first.records("issues").len(), 300, "three pages came");
        mock.post("clock?advance=3600");
        let second = tap(first.last_state()).run().ends_with(0).output();
        assert_eq!(missing(&mock, "issues", &REPOS, &[&first, &second]), [""; 0]);
        assert!(
            second.records("issues").len() < 200,
            "the second run goes on where the first ended"
        );
    }
}

#[test]
fn a_clock_that_is_far_from_the_servers_is_told_once_and_the_servers_counts() {
    let mock = Mock::start("--repos 1 --issues 120 --date 2031-05-06T00:00:00Z --quota 2");
    let run = Tap::of(&mock, &REPOS).args("--select issues").with("max_wait", 0).run().ends_with(5);
    let told = run.told("WARNING [CLK01]");
    assert_eq!(told.len(), 1, "{}", run.log());
    assert!(told[0].contains("behind that of `http://127.0.0.1:"), "{}", told[0]);
    assert_eq!(run.told("[RATE06]"), [""; 0], "the reset is no absurd one");
}

#[test]
fn the_time_at_which_a_quota_frees_is_told() {
    let mock = Mock::start("--repos 1 --quota 1 --quota-window 1800");
    let run = Tap::of(&mock, &REPOS).with("max_wait", 60).run().ends_with(5);
    let told = run.told("CRITICAL [RATE01]");
    assert_eq!(told.len(), 1, "{}", run.log());
    let (_, rest) = told[0].split_once("it frees at ").unwrap();
    let free_at = NaiveDateTime::parse_from_str(&rest[..19], "%Y-%m-%d %H:%M:%S").unwrap();
    let wait = free_at.and_utc() - Utc::now();
    assert!((1_700..=1_800).contains(&wait.num_seconds()), "{}", told[0]);
}

#[test]
fn a_rejected_credential_ends_the_run_with_3() {
    let mock = Mock::start("--repos 1 --issues 250 --token another");
    let run = Tap::of(&mock, &REPOS).args("--select issues").run().ends_with(3);
    assert_eq!(run.told("[END01] ended in").len(), 1, "{}", run.log());
    assert!(
        run.log().contains(
            "0 streams ok · `repositories` partial (cut short) · `issues` partial (not read)"
        ),
        "{}",
        run.log()
    );
    assert_eq!(run.told("CRITICAL [AUTH01]").len(), 1, "{}", run.log());
    assert_eq!(mock.request_count(), 1, "nothing more is sent with it");
}
