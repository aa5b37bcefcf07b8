//! How a run is stopped from outside.

use serde_json::Value;
use singer_tap_tests::{Mock, Output, Tap, missing, until};

const REPOS: [&str; 1] = ["acme/widgets"];

fn tap<'a>(mock: &'a Mock, state: Option<&Value>) -> Tap<'a> {
    Tap::of(mock, &REPOS).args("--select issues").state(state)
}

fn resumed(mock: &Mock, first: &Output) {
    mock.heal();
    let second = tap(mock, first.last_state()).run().ends_with(0).output();
    assert_eq!(missing(mock, "issues", &REPOS, &[first, &second]), [""; 0]);
}

#[test]
fn a_signal_at_any_moment_leaves_a_state_that_resumes() {
    let mock = Mock::start("--repos 1 --issues 250 --latency-ms 20");
    for bytes in [0, 1, 3_000, 50_000, 300_001, 600_000] {
        let mut running = tap(&mock, None).start();
        running.read(bytes);
        running.signal("TERM");
        let run = running.finish();
        // Before the handler stands the system ends the process, as it does any other.
        if run.code.is_some() {
            resumed(&mock, &run.ends_with(143).output());
        } else {
            assert_eq!(bytes, 0);
        }
    }
}

#[test]
fn a_signal_ends_a_wait_for_a_quota() {
    let mock = Mock::start("--repos 1 --issues 450 --quota 3 --quota-window 3600");
    let mut running = tap(&mock, None).start();
    (0..3).for_each(|_| running.read_to_line("STATE"));
    running.wait_told("[RATE01]");
    running.signal("TERM");
    let run = running.finish().ends_with(143);
    assert_eq!(run.output().records("issues").len(), 200);
}

#[test]
fn a_second_signal_ends_a_tap_whose_target_hangs() {
    let mock = Mock::start("--repos 1 --issues 450");
    let mut running = tap(&mock, None).start();
    running.read_to_line("STATE");
    // The pipe is full when no more is asked for.
    let mut seen = 0;
    until("the tap to wait for its target", || {
        let before = std::mem::replace(&mut seen, mock.request_count());
        (before == 6).then_some(())
    });
    running.signal("TERM");
    // Two signals of one kind that nobody has taken yet are one.
    running.wait_told("[SIG01]");
    running.signal("TERM");
    let run = running.wait();
    assert_eq!(run.code, Some(143), "{}", run.log());
    let last = run.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("[END01] stopped at once") && last.ends_with("exit 143"), "{last}");
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let mock = Mock::start("--repos 1 --issues 110");
    for bytes in (0..12).map(|step| step * 997).chain([20_000, 100_000, 300_000]) {
        let mut running = tap(&mock, None).start();
        assert_eq!(running.read(bytes), bytes);
        running.close();
        let run = running.wait().ends_with(141);
        assert_eq!(run.warnings(), [""; 0], "after {bytes} bytes");
        assert_eq!(run.told("INFO [OUT01]").len(), 1, "after {bytes} bytes: {}", run.log());
    }
}

#[test]
fn a_reader_that_goes_away_stops_the_requests() {
    let mock = Mock::start("--repos 1 --issues 3000");
    let mut running = tap(&mock, None).start();
    running.read_to_line("STATE");
    running.close();
    running.wait().ends_with(141);
    assert!(mock.request_count() < 20, "{} requests", mock.request_count());
}
