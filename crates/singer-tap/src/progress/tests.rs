use super::*;

fn at(number: i64) -> Cursor {
    Cursor::Integer(number)
}

/// Feeds pages of cursors; tells what was emitted and the progress after each page and at the end.
fn follow(since: Since, start: Start, pages: &[&[i64]]) -> (Vec<i64>, Vec<Option<Progress>>) {
    let from = start.floor.clone();
    follow_from(from, since, start, pages)
}

/// The same for a scan that begins elsewhere than the stream does.
fn follow_from(
    from: Option<Cursor>,
    since: Since,
    start: Start,
    pages: &[&[i64]],
) -> (Vec<i64>, Vec<Option<Progress>>) {
    let mut tracker = Tracker::new(since, start, from.as_ref(), None);
    let (mut emitted, mut progress) = (Vec::new(), Vec::new());
    for page in pages {
        for number in *page {
            if tracker.see(&at(*number)) == Keep::Emit {
                emitted.push(*number);
            }
        }
        progress.push(tracker.end_page());
        if tracker.is_done_early() {
            break;
        }
    }
    progress.push(tracker.finish());
    (emitted, progress)
}

fn start(bookmark: Option<i64>) -> Start {
    Start { bookmark: bookmark.map(at), floor: bookmark.map(at), ..Start::default() }
}

fn advance(number: i64) -> Option<Progress> {
    Some(Progress::Advance(at(number)))
}

fn cover(from: Option<i64>, end: i64) -> Option<Progress> {
    Some(Progress::Cover(Interval { start: from.map(at), end: at(end) }))
}

#[test]
fn ascending_records_move_the_bookmark_with_every_page() {
    let (emitted, progress) = follow(Since::Param("since"), start(Some(2)), &[&[2, 3], &[3, 5]]);
    assert_eq!(emitted, [2, 3, 3, 5]);
    assert_eq!(progress, [advance(3), advance(5), advance(5)]);
}

#[test]
fn a_record_out_of_order_holds_the_bookmark_until_all_is_read() {
    let (_, progress) = follow(Since::Param("since"), start(None), &[&[2, 9], &[3, 4], &[10]]);
    assert_eq!(progress, [advance(9), None, None, advance(10)]);
}

#[test]
fn unordered_records_move_the_bookmark_at_the_end_only() {
    let (emitted, progress) = follow(Since::Scan, start(Some(5)), &[&[7, 1], &[5, 6]]);
    assert_eq!(emitted, [7, 5, 6], "older records are dropped, the bookmark's own value is not");
    assert_eq!(progress, [None, None, advance(7)]);
}

#[test]
fn what_was_dropped_moves_no_bookmark() {
    let start = Start { floor: Some(at(9)), ..Start::default() };
    assert_eq!(follow(Since::Scan, start, &[&[7, 1]]), (vec![], vec![None, None]));
}

#[test]
fn what_is_read_again_is_left_out_only_before_the_start_date() {
    let start = Start { start_date: Some(at(3)), ..start(Some(7)) };
    let (emitted, progress) = follow(Since::Reread, start, &[&[8, 5, 2]]);
    assert_eq!((emitted, progress), (vec![8, 5], vec![None, advance(8)]));
}

#[test]
fn what_the_server_filtered_is_not_filtered_again() {
    let (emitted, _) = follow(Since::UnorderedParam("since"), start(Some(5)), &[&[9, 4]]);
    assert_eq!(emitted, [9, 4]);
}

#[test]
fn newest_first_stops_below_the_bookmark_and_covers_up_to_its_first_page() {
    let (emitted, progress) = follow(Since::StopAt, start(Some(5)), &[&[9, 8], &[6, 5, 4], &[3]]);
    assert_eq!(emitted, [9, 8, 6, 5]);
    assert_eq!(progress, [None, cover(Some(5), 9), cover(Some(5), 9)]);
}

#[test]
fn newest_first_says_nothing_of_what_lies_before_the_start_date() {
    let start = Start { floor: Some(at(5)), start_date: Some(at(5)), ..Start::default() };
    let (emitted, progress) = follow(Since::StopAt, start, &[&[9, 8], &[4, 3, 2]]);
    assert_eq!(emitted, [9, 8]);
    assert_eq!(progress, [None, cover(Some(5), 9), cover(Some(5), 9)]);
}

#[test]
fn newest_first_never_covers_a_tie_that_may_go_on() {
    let (_, progress) = follow(Since::StopAt, start(None), &[&[9, 8, 8], &[8, 8, 7], &[7]]);
    assert_eq!(progress, [None, cover(Some(8), 9), cover(Some(8), 9), cover(None, 9)]);
}

#[test]
fn what_an_earlier_run_covered_is_not_emitted_again() {
    let mut covered = Intervals::default();
    covered.add(Interval { start: Some(at(6)), end: at(8) });
    let start = Start { bookmark: Some(at(3)), floor: Some(at(3)), covered, ..Start::default() };
    let (emitted, _) = follow(Since::StopAt, start, &[&[9, 8, 7], &[6, 5, 4], &[3, 2]]);
    assert_eq!(emitted, [9, 8, 5, 4, 3]);
}

#[test]
fn rows_that_shift_between_two_pages_are_no_disorder_but_a_newer_one_is() {
    let (emitted, _) = follow(Since::StopAt, start(Some(1)), &[&[9, 8, 7], &[8, 7, 6], &[0], &[5]]);
    assert_eq!(emitted, [9, 8, 7, 8, 7, 6], "the third page ends the scan");
    let (emitted, progress) =
        follow(Since::StopAt, start(Some(1)), &[&[9, 8], &[7, 10], &[0], &[5]]);
    assert_eq!(emitted, [9, 8, 7, 10, 5], "after a disorder all is read");
    assert_eq!(progress.last(), Some(&cover(Some(1), 9)));
}

#[test]
fn a_disorder_within_a_page_lets_the_rest_be_read() {
    let (emitted, progress) = follow(Since::StopAt, start(Some(4)), &[&[9, 3, 8], &[6]]);
    assert_eq!(emitted, [9, 8, 6]);
    assert_eq!(progress, [None, None, cover(Some(4), 9)]);
}

#[test]
fn no_bookmark_goes_beyond_the_servers_clock_or_back() {
    let capped = |bookmark, cap, pages: &[&[i64]]| {
        let mut tracker =
            Tracker::new(Since::Param("since"), start(bookmark), bookmark.map(at).as_ref(), None);
        tracker.cap_at(at(cap));
        tracker.cap_at(at(1_000));
        for number in pages.concat() {
            tracker.see(&at(number));
        }
        tracker.end_page()
    };
    assert_eq!(capped(None, 7, &[&[5, 9]]), advance(7));
    assert_eq!(capped(Some(8), 7, &[&[8, 9]]), None);
}

#[test]
fn a_scan_that_begins_lower_leaves_out_what_was_read() {
    let start = start(Some(5));
    let pages: &[&[i64]] = &[&[2, 4], &[5, 6]];
    let (emitted, progress) = follow_from(Some(at(2)), Since::Param("since"), start.clone(), pages);
    assert_eq!(emitted, [5, 6]);
    assert_eq!(progress, [None, advance(6), advance(6)]);
    let (emitted, _) = follow_from(None, Since::UnorderedParam("since"), start, pages);
    assert_eq!(emitted, [5, 6]);
}

#[test]
fn nothing_is_wanted_from_the_end_date_on() {
    let start = |bookmark| Start { ceiling: Some(at(8)), ..start(bookmark) };
    let (emitted, progress) =
        follow(Since::Param("since"), start(Some(5)), &[&[5, 7], &[7, 8], &[9]]);
    assert_eq!(emitted, [5, 7, 7], "the third page is not asked for");
    assert_eq!(progress, [advance(7), advance(7), advance(7)]);
    let (emitted, progress) = follow(Since::StopAt, start(Some(5)), &[&[9, 8], &[7, 6], &[4]]);
    assert_eq!(emitted, [7, 6]);
    assert_eq!(progress, [None, None, cover(Some(6), 7), cover(Some(5), 7)]);
    let (emitted, progress) = follow(Since::Scan, start(Some(5)), &[&[9, 7, 6]]);
    assert_eq!((emitted, progress), (vec![7, 6], vec![None, advance(7)]));
}

#[test]
fn a_window_is_covered_when_it_is_read_and_an_open_one_up_to_now() {
    let window = |from: i64, to: Option<i64>| Window { from: Some(at(from)), to: to.map(at) };
    let check = |read: Window, wanted: &[Window], end, ceiling: Option<i64>, want| {
        let wanted = wanted.to_vec();
        let start = Start { ceiling: ceiling.map(at), wanted, ..Start::default() };
        let since = Since::Window { from: "a", to: "b", size: std::time::Duration::from_secs(9) };
        let mut tracker = Tracker::new(since, start, None, Some(&read));
        tracker.cap_at(at(50));
        let emitted: Vec<i64> =
            (8..14).rev().filter(|n| tracker.see(&at(*n)) == Keep::Emit).collect();
        assert_eq!((emitted, tracker.end_page(), tracker.finish()), (want, None, end));
    };
    let all = [window(0, None)];
    check(window(8, Some(20)), &all, cover(Some(8), 20), None, vec![13, 12, 11, 10, 9, 8]);
    check(window(8, None), &all, cover(Some(8), 50), None, vec![13, 12, 11, 10, 9, 8]);
    check(window(8, None), &all, cover(Some(8), 11), Some(11), vec![10, 9, 8]);
    let part = [window(9, Some(11)), window(13, None)];
    check(window(8, Some(20)), &part, cover(Some(8), 20), None, vec![13, 10, 9]);
    check(window(60, None), &all, None, None, vec![13, 12, 11, 10, 9, 8]);
}

#[test]
fn nothing_read_is_no_progress() {
    for since in [Since::Param("since"), Since::StopAt, Since::Scan] {
        assert_eq!(follow(since, start(Some(5)), &[&[]]).1, [None, None]);
    }
}

#[test]
fn a_window_in_ascending_order_is_covered_page_by_page_but_for_its_last_tie() {
    let check = |to: Option<i64>, pages: &[&[i64]], want: &[Option<Progress>]| {
        let read = Window { from: Some(at(2)), to: to.map(at) };
        let start = Start { wanted: vec![read.clone()], ..Start::default() };
        let since = Since::Windows { size: std::time::Duration::from_secs(9) };
        let mut tracker = Tracker::new(since, start, None, Some(&read));
        tracker.cap_at(at(50));
        tracker.ascend(true);
        let mut follow = |page: &&[i64]| {
            for number in *page {
                tracker.see(&at(*number));
            }
            tracker.end_page()
        };
        let mut progress: Vec<_> = pages.iter().map(&mut follow).collect();
        progress.push(tracker.finish());
        assert_eq!(progress, want, "{pages:?}");
    };
    let whole = cover(Some(2), 50);
    check(
        None,
        &[&[2, 2], &[2, 5], &[5]],
        &[None, cover(Some(2), 5), cover(Some(2), 5), whole.clone()],
    );
    // One that changed meanwhile comes with a value from beyond the window, and says nothing.
    check(None, &[&[3, 60], &[4]], &[cover(Some(2), 3), cover(Some(2), 4), whole.clone()]);
    check(Some(9), &[&[3, 9], &[4]], &[cover(Some(2), 3), cover(Some(2), 4), cover(Some(2), 9)]);
    check(None, &[&[5], &[4], &[6]], &[cover(Some(2), 5), None, None, whole.clone()]);
}

/// A tracker of a window that is open at its end, at 50 by the server's clock.
fn open_window(from: i64) -> Tracker {
    let read = Window { from: Some(at(from)), to: None };
    let start = Start { wanted: vec![read.clone()], ..Start::default() };
    let since = Since::Windows { size: std::time::Duration::from_secs(9) };
    let mut tracker = Tracker::new(since, start, None, Some(&read));
    tracker.cap_at(at(50));
    tracker.ascend(true);
    tracker
}

#[test]
fn an_order_that_is_taken_back_covers_nothing_before_the_end() {
    let mut tracker = open_window(2);
    tracker.ascend(false);
    tracker.see(&at(7));
    assert_eq!((tracker.end_page(), tracker.finish()), (None, cover(Some(2), 50)));
}

#[test]
fn a_record_from_beyond_the_window_is_not_the_last_in_order() {
    // Who goes on from the last value and the id of the last record would skip rows with that value.
    let check = |seen: &[i64], want: Option<(i64, bool)>| {
        let mut tracker = open_window(2);
        for number in seen {
            tracker.see(&at(*number));
        }
        let last = tracker.last_in_order().map(|(last, is_of_last)| (last.clone(), is_of_last));
        assert_eq!(last, want.map(|(last, is_of_last)| (at(last), is_of_last)), "{seen:?}");
    };
    check(&[3, 4], Some((4, true)));
    check(&[3, 60], Some((3, false)));
    check(&[3, 60, 5], Some((5, true)));
    check(&[5, 4], None);
    check(&[60], None);
}
