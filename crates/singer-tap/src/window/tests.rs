use super::*;

fn at(value: i64) -> Cursor {
    Cursor::Integer(value)
}

fn window(from: impl Into<Option<i64>>, to: impl Into<Option<i64>>) -> Window {
    Window { from: from.into().map(at), to: to.into().map(at) }
}

fn covered(parts: &[(i64, i64)]) -> Intervals {
    let mut covered = Intervals::default();
    parts.iter().for_each(|(from, to)| covered.add(Interval::new(Some(at(*from)), at(*to))));
    covered
}

#[test]
fn what_is_missing_is_the_gaps_and_the_rest() {
    let check =
        |start: Option<i64>, parts: &[(i64, i64)], ceiling: Option<i64>, want: &[Window]| {
            let found = missing(start.map(at).as_ref(), &covered(parts), ceiling.map(at).as_ref());
            assert_eq!(found, want, "{start:?} {parts:?} {ceiling:?}");
        };
    check(None, &[], None, &[window(None, None)]);
    check(Some(5), &[], None, &[window(5, None)]);
    check(Some(5), &[(7, 9)], None, &[window(5, 7), window(9, None)]);
    check(None, &[(7, 9)], None, &[window(None, 7), window(9, None)]);
    check(Some(5), &[(5, 9)], None, &[window(9, None)]);
    check(Some(10), &[(5, 9)], None, &[window(10, None)]);
    check(Some(5), &[(7, 9)], Some(20), &[window(5, 7), window(9, 20)]);
    check(Some(5), &[(7, 9)], Some(8), &[window(5, 7)]);
    check(Some(9), &[], Some(8), &[]);
}

#[test]
fn several_lists_are_read_together() {
    let check = |lists: &[&[Window]], want: &[Window]| {
        assert_eq!(union(lists.iter().map(|list| list.to_vec())), want);
    };
    check(&[], &[]);
    check(&[&[window(5, 7), window(9, None)]], &[window(5, 7), window(9, None)]);
    check(&[&[window(9, None)], &[window(None, None)]], &[window(None, None)]);
    check(
        &[&[window(5, 7), window(9, None)], &[window(6, 8), window(12, None)]],
        &[window(5, 8), window(9, None)],
    );
    check(&[&[window(3, 10)], &[window(9, None)]], &[window(3, None)]);
}

/// Takes all windows, each read in so many pages of a record, and tells them.
fn take_all(missing: &[Window], size: u64, now: i64, pages: u64) -> Vec<Window> {
    let mut windows = Windows::new(missing.to_vec(), Duration::from_secs(size), at(now));
    let mut taken = Vec::new();
    while let Some(window) = windows.take() {
        assert!(!windows.are_read());
        windows.read(pages, pages);
        taken.push(window);
    }
    assert!(windows.are_read());
    taken
}

#[test]
fn windows_follow_each_other_without_a_gap_and_the_last_is_open() {
    let taken = take_all(&[window(0, 25), window(40, None)], 10, 60, FEW_PAGES);
    let want = [window(0, 10), window(10, 20), window(20, 25), window(40, 50), window(50, None)];
    assert_eq!(taken, want);
}

#[test]
fn windows_grow_while_they_are_small_and_shrink_when_they_are_large() {
    let want = [window(0, 10), window(10, 30), window(30, 70), window(70, 100)];
    assert_eq!(take_all(&[window(0, 100)], 10, 999, 1), want);
    let want = [window(0, 40), window(40, 60), window(60, 70), window(70, 75), window(75, 77)];
    assert_eq!(take_all(&[window(0, 77)], 40, 999, MANY_PAGES + 1), want);
    // Nothing at all lets them grow faster; the first has no beginning.
    let day = 86_400;
    let mut windows =
        Windows::new(vec![window(None, None)], Duration::from_secs(day), at(1_764_000_000));
    let mut count = 0;
    while windows.take().is_some() {
        windows.read(1, 0);
        count += 1;
    }
    assert!(count < 10, "{count} requests for twenty years of nothing");
}

#[test]
fn empty_windows_do_not_grow_beyond_what_a_date_can_say() {
    let instant =
        |year: i32| Cursor::parse(CursorKind::Instant, &format!("{year}-01-01T00:00:00Z")).unwrap();
    let gap = |year| Window { from: Some(instant(year)), to: Some(instant(year + 1)) };
    let missing = (2000..2060).step_by(2).map(gap).collect();
    let mut windows = Windows::new(missing, Duration::from_secs(86_400), instant(2_070));
    let mut count = 0;
    while let Some(window) = windows.take() {
        assert!(window.from < window.to);
        windows.read(1, 0);
        count += 1;
    }
    assert!(count < 60, "{count} windows");
}

#[test]
fn a_window_that_holds_too_much_is_read_in_halves_down_to_a_second() {
    let mut windows = Windows::new(vec![window(10, 20)], Duration::from_secs(10), at(99));
    let first = windows.take().unwrap();
    assert!(windows.halve(&first));
    assert_eq!(windows.take(), Some(window(10, 15)));
    assert_eq!(windows.take(), Some(window(15, 20)));
    assert!(!windows.halve(&window(15, 16)), "one second cannot be halved");
    assert!(!windows.are_read());
    let mut whole = Windows::new(vec![window(None, 1_104_537_620)], Duration::MAX, at(0));
    let first = whole.take().unwrap();
    assert!(whole.halve(&first), "what has no beginning is halved too");
    assert_eq!(whole.take(), Some(window(None, 1_104_537_610)));
    assert!(windows.give_up() && !windows.give_up());
    assert_eq!(windows.take(), None);
    windows.read(1, 1);
    windows.read(1, 1);
    assert!(!windows.are_read(), "what was given up is not read");
}

#[test]
fn every_value_that_is_missing_lies_in_one_window_only() {
    for bits in 0u32..1 << 10 {
        let parts: Vec<(i64, i64)> =
            (0..10).filter(|v| bits >> v & 1 == 1).map(|v| (v, v + 1)).collect();
        let missing = missing(Some(&at(0)), &covered(&parts), None);
        let windows = take_all(&missing, 2, 9, FEW_PAGES);
        for value in 0..14 {
            let inside = windows.iter().filter(|window| window.contains(&at(value))).count();
            let is_covered = value < 10 && bits >> value & 1 == 1;
            assert_eq!(inside, usize::from(!is_covered), "{value} of {bits:b}");
        }
    }
}

#[test]
fn a_window_that_holds_much_is_left_behind_its_last_second() {
    let check = |window: Window, cursors: &[i64], expected: Option<i64>| {
        let mut descent = Descent::new(&window);
        let mut pages = cursors.iter().map(|cursor| {
            descent.see(&at(*cursor));
            descent.end_page()
        });
        let left = pages.by_ref().take(MOST_PAGES as usize - 1).flatten().next();
        assert_eq!(left, None, "{cursors:?}");
        assert_eq!(pages.next().flatten(), expected.map(at), "{cursors:?}");
    };
    let last = MOST_PAGES as i64;
    let falling: Vec<i64> = (1..=last).rev().map(|page| page * 10).collect();
    let level = vec![80; falling.len()];
    let mut odd = falling.clone();
    odd[4] = 1_000;
    check(window(0, Some(900)), &falling, Some(11));
    check(window(None, None), &level, Some(81));
    check(window(0, Some(81)), &level, None);
    check(window(10, Some(900)), &falling, None);
    check(window(0, Some(9_000)), &odd, None);
}

#[test]
fn what_is_left_of_a_window_is_read_in_windows_of_the_size_that_it_bore() {
    let mut windows = Windows::new(vec![window(0, None)], Duration::MAX, at(1_000));
    let first = windows.take().unwrap();
    assert_eq!(windows.take(), None);
    windows.leave(&first, &at(900));
    assert!(!windows.are_read());
    let rest = std::iter::from_fn(|| windows.take()).count();
    assert_eq!(rest, 9);
    (0..rest).for_each(|_| windows.read(1, 1));
    assert!(windows.are_read());
}

#[test]
fn whole_intervals_are_handed_out_once_they_are_over() {
    let check = |missing: Vec<Window>, now: i64, expected: Vec<Window>| {
        let mut windows = Windows::whole(missing, Duration::from_secs(10), at(now));
        let taken: Vec<Window> = std::iter::from_fn(|| windows.take()).collect();
        assert_eq!(taken, expected, "{now}");
        taken.iter().for_each(|_| windows.read(99, 99));
        assert!(windows.are_read());
    };
    check(
        vec![window(7, None)],
        30,
        vec![window(7, Some(10)), window(10, Some(20)), window(20, Some(30))],
    );
    check(
        vec![window(7, Some(14)), window(35, None)],
        39,
        vec![window(7, Some(10)), window(10, Some(14))],
    );
    check(vec![window(10, None)], 29, vec![window(10, Some(20))]);
    check(vec![window(10, None)], 19, vec![]);
    check(
        vec![window(0, Some(10)), window(30, None)],
        40,
        vec![window(0, Some(10)), window(30, Some(40))],
    );
    let mut windows = Windows::whole(
        vec![Window { from: None, to: None }],
        Duration::from_secs(10),
        at(EARLIEST + 25),
    );
    assert_eq!(windows.take(), Some(Window { from: None, to: Some(at(EARLIEST + 10)) }));
    assert_eq!(windows.take(), Some(window(EARLIEST + 10, Some(EARLIEST + 20))));
    assert_eq!(windows.take(), None);
}

#[test]
fn a_range_holds_all_of_its_window_in_whole_seconds() {
    let time = |text: &str| Cursor::parse(CursorKind::Instant, text).unwrap();
    let check = |from: Option<&str>, to: Option<&str>, expected: Option<&str>| {
        let window = Window { from: from.map(time), to: to.map(time) };
        assert_eq!(window.range().as_deref(), expected);
    };
    let (noon, later) = ("2026-11-24T12:00:00Z", "2026-11-24T12:00:00.5Z");
    check(Some(noon), Some(noon), Some("2026-11-24T12:00:00Z..2026-11-24T12:00:00Z"));
    check(Some(later), Some(later), Some("2026-11-24T12:00:00Z..2026-11-24T12:00:01Z"));
    check(Some(noon), None, Some("2026-11-24T12:00:00Z..*"));
    check(None, Some(noon), Some("*..2026-11-24T12:00:00Z"));
    check(None, None, None);
}

#[test]
fn after_a_half_the_next_window_is_no_longer_than_that() {
    let mut windows = Windows::new(vec![window(0, None)], Duration::MAX, at(1_000));
    let first = windows.take().unwrap();
    assert!(windows.halve(&first));
    assert_eq!(windows.take(), Some(window(0, 500)));
    assert!(windows.halve(&window(0, 500)));
    let next = [windows.take(), windows.take(), windows.take()];
    assert_eq!(next, [window(0, 250), window(250, 500), window(500, 750)].map(Some));
}
