//! A target that is slower than the source.

use singer_tap_tests::{Mock, Running, Tap, until};

/// Pages that may be on their way: in the pipe, written, encoded, and read.
const MOST_PAGES: u64 = 25;
/// KiB, of a build without optimisation.
const MOST_MEMORY: u64 = 60 << 10;

/// Waits until nothing more is asked for, because nobody reads: for a second, in which even a slow
/// machine asks for a page.
fn rest(mock: &Mock) -> u64 {
    let (mut seen, mut same) = (0, 0);
    until("the tap to wait for its target", || {
        let now = mock.request_count();
        same = if now == seen { same + 1 } else { 0 };
        seen = now;
        (same == 200).then_some(now)
    })
}

fn read(running: &mut Running<'_>, bytes: usize) {
    assert_eq!(running.read(bytes), bytes);
}

#[test]
fn a_slow_reader_stops_the_requests_and_bounds_the_memory() {
    let mock = Mock::start("--repos 1 --issues 20000");
    let mut running = Tap::of(&mock, &["acme/widgets"]).args("--select issues").start();
    read(&mut running, 64 << 10);
    let first = rest(&mock);
    assert!(first < MOST_PAGES, "{first} requests for 64 KiB");
    for _ in 0..3 {
        read(&mut running, 64 << 10);
        assert!(rest(&mock) < MOST_PAGES, "{} requests", rest(&mock));
    }
    read(&mut running, 8 << 20);
    let later = rest(&mock);
    assert!((first..first + MOST_PAGES).contains(&later), "{first}, then {later} requests");
    let peak = running.peak_memory();
    assert!(peak < MOST_MEMORY, "{peak} KiB");
    running.kill();
}
