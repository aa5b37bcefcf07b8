//! Kill -9 in the middle: what the last STATE speaks for has arrived, and the next run brings the rest.

use serde_json::Value;
use singer_tap_tests::{Mock, Output, Tap, missing};

const REPOS: [&str; 2] = ["acme/widgets", "acme/gadgets"];

fn mock() -> Mock {
    Mock::start(
        "--repo acme/widgets:issues=230,pulls=210,commits=230 \
         --repo acme/gadgets:issues=40,pulls=20,commits=30",
    )
}

/// One run that is killed after so many bytes, counted for what a target may count on: the lines up
/// to the last STATE.
fn killed(tap: &Tap<'_>, bytes: usize) -> Output {
    let mut running = tap.start();
    let read = running.read(bytes);
    assert_eq!(read, bytes, "the run ended before it could be killed");
    running.kill().output().until_last_state()
}

/// Kills runs of a stream at several places, changes the source, resumes, and compares.
fn check(stream: &str) {
    let mock = mock();
    let tap = |state: Option<&Value>| {
        Tap::of(&mock, &REPOS).with("concurrency", 2).args("--select").args(stream).state(state)
    };
    let total = tap(None).run().ends_with(0).stdout.len();
    for part in [0, 2, 4, 6, 8, 9] {
        let first = killed(&tap(None), total * part / 10 + 7 * part);
        let second = tap(first.last_state()).run().ends_with(0).output();
        assert_eq!(
            missing(&mock, stream, &REPOS, &[&first, &second]),
            [""; 0],
            "killed at {part}/10"
        );
    }
}

#[test]
fn issues_resume_without_a_gap() {
    check("issues");
}

#[test]
fn issue_comments_resume_without_a_gap() {
    check("issue_comments");
}

#[test]
fn pull_requests_which_come_newest_first_resume_without_a_gap() {
    check("pull_requests");
}

#[test]
fn commits_which_come_in_no_order_resume_without_a_gap() {
    check("commits");
}

#[test]
fn releases_which_are_always_read_again_resume_without_a_gap() {
    let mock = Mock::start("--repo acme/widgets:releases=130 --repo acme/gadgets:releases=20");
    let tap = |state| Tap::of(&mock, &REPOS).args("--select releases").state(state);
    let first = killed(&tap(None), 150_000);
    let second = tap(first.last_state()).run().ends_with(0).output();
    assert_eq!(missing(&mock, "releases", &REPOS, &[&first, &second]), [""; 0]);
}

/// A run that dies again and again, at a source that goes on changing, comes to its end.
fn check_again_and_again(stream: &str, resource: &str) {
    let mock = mock();
    let tap = |state: Option<&Value>| {
        Tap::of(&mock, &REPOS).with("concurrency", 1).args("--select").args(stream).state(state)
    };
    let mut outputs: Vec<Output> = Vec::new();
    for _ in 0..3 {
        let mut running = tap(outputs.last().and_then(Output::last_state)).start();
        // The one at the start, and that of the first page that brought something new.
        (0..2).for_each(|_| running.read_to_line("STATE"));
        running.read(30_000);
        outputs.push(running.kill().output().until_last_state());
        mock.post(&format!("touch?repo=acme/widgets&resource={resource}&count=7"));
        mock.post(&format!("create?repo=acme/widgets&resource={resource}&count=3"));
        mock.post(&format!("touch?repo=acme/gadgets&resource={resource}&count=2"));
    }
    let state = outputs.last().and_then(Output::last_state);
    outputs.push(tap(state).run().ends_with(0).output());
    assert!(outputs[..3].iter().all(|output| !output.records(stream).is_empty()), "no progress");
    let outputs: Vec<&Output> = outputs.iter().collect();
    assert_eq!(missing(&mock, stream, &REPOS, &outputs), [""; 0]);
}

#[test]
fn issues_that_change_between_kills_arrive_in_their_latest_version() {
    check_again_and_again("issues", "issues");
}

#[test]
fn pull_requests_that_change_between_kills_arrive_in_their_latest_version() {
    check_again_and_again("pull_requests", "pull_requests");
}

#[test]
fn a_second_run_reads_only_what_changed_and_a_third_only_what_stands_at_the_bookmark() {
    let mock = mock();
    let run = |state: Option<&Value>| {
        let tap = Tap::of(&mock, &REPOS).args("--select issues --select pull_requests");
        tap.state(state).run().ends_with(0).output()
    };
    let counts =
        |output: &Output| (output.records("issues").len(), output.records("pull_requests").len());
    let first = run(None);
    assert_eq!(counts(&first), (270, 230));
    mock.post("touch?repo=acme/widgets&resource=pull_requests&count=5");
    let second = run(first.last_state());
    let (issues, pulls) = counts(&second);
    assert!((5..12).contains(&issues) && (5..12).contains(&pulls), "{issues} {pulls}");
    let third = run(second.last_state());
    let (issues, pulls) = counts(&third);
    assert!((1..4).contains(&issues) && (1..4).contains(&pulls), "{issues} {pulls}");
    assert_eq!(third.last_state(), second.last_state());
    for stream in ["issues", "pull_requests"] {
        assert_eq!(missing(&mock, stream, &REPOS, &[&first, &second, &third]), [""; 0]);
    }
}
