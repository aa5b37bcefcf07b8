//! Windows: the parts of a stream's order that are asked for one by one, sized as the API bears.

use std::collections::VecDeque;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use singer_protocol::{Cursor, CursorKind, Interval, Intervals};

/// A window takes about so many pages: fewer let it grow, more let it shrink.
const FEW_PAGES: u64 = 4;
const MANY_PAGES: u64 = 16;
/// A window whose records come newest first is left after so many pages: each end of a window costs a page
/// that is not full.
const MOST_PAGES: u64 = 32;
/// The first window of a stream without a start reaches from the beginning of everything to so
/// long after 2005, before which no API of this kind had data.
const EARLIEST: i64 = 1_104_537_600;

/// No window is longer: a century.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// A half-open part of a stream's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first value; none: the beginning of everything.
    pub from: Option<Cursor>,
    /// The first value after it; none: it is open, and covered up to now.
    pub to: Option<Cursor>,
}

impl Window {
    /// Whether a value lies in it.
    pub fn contains(&self, cursor: &Cursor) -> bool {
        self.from.as_ref() <= Some(cursor) && self.to.as_ref().is_none_or(|to| cursor < to)
    }

    /// Its bounds as one text, `from..to` in whole seconds that hold all of it, with `*` where it has
    /// none; nothing where it has neither.
    pub(crate) fn range(&self) -> Option<String> {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let [from, to] =
            [(&self.from, TimeDelta::zero()), (&self.to, TimeDelta::nanoseconds(999_999_999))]
                .map(|(bound, up)| bound.as_ref().map_or("*".to_owned(), |it| whole(it, up)));
        Some(format!("{from}..{to}"))
    }
}

/// The value of a replication key at an instant; keys that are whole numbers count seconds.
pub(crate) fn cursor_at(kind: CursorKind, at: DateTime<Utc>) -> Option<Cursor> {
    match kind {
        CursorKind::Instant => Some(Cursor::Instant(at)),
        CursorKind::Integer => Some(Cursor::Integer(at.timestamp())),
        CursorKind::Text => None,
    }
}

/// A value so much later, or earlier for a negative time; texts do not move.
pub(crate) fn shifted(cursor: &Cursor, by: TimeDelta) -> Cursor {
    match cursor {
        Cursor::Instant(at) => Cursor::Instant(at.checked_add_signed(by).unwrap_or(*at)),
        Cursor::Integer(at) => Cursor::Integer(at.saturating_add(by.num_seconds())),
        Cursor::Text(text) => Cursor::Text(text.clone()),
    }
}

/// What is missing from `start` on, beside what is `covered`; the last part is open unless the
/// stream has a `ceiling`.
pub(crate) fn missing(
    start: Option<&Cursor>,
    covered: &Intervals,
    ceiling: Option<&Cursor>,
) -> Vec<Window> {
    let last = covered.as_slice().last().map(|interval| &interval.end);
    // Beyond what is covered all is missing: the gaps before it, and the rest as one more.
    let end = ceiling.or(last.max(start));
    let mut gaps: Vec<Window> = end
        .map(|end| covered.gaps(start, end))
        .unwrap_or_default()
        .into_iter()
        .map(|gap| Window { from: gap.start, to: Some(gap.end) })
        .collect();
    if ceiling.is_none() {
        gaps.push(Window { from: last.max(start).cloned(), to: None });
    }
    gaps
}

/// The windows that are missing in any of several lists.
pub(crate) fn union(lists: impl IntoIterator<Item = Vec<Window>>) -> Vec<Window> {
    let mut closed = Intervals::default();
    let mut open: Option<Option<Cursor>> = None;
    for window in lists.into_iter().flatten() {
        match window.to {
            Some(to) => closed.add(Interval::new(window.from, to)),
            None => open = Some(open.map_or(window.from.clone(), |from| from.min(window.from))),
        }
    }
    let mut all = Vec::new();
    for interval in closed.as_slice() {
        let window = Window { from: interval.start.clone(), to: Some(interval.end.clone()) };
        match &open {
            Some(from) if window.to.as_ref() >= from.as_ref() => {
                open = Some(from.clone().min(window.from));
            }
            _ => all.push(window),
        }
    }
    all.extend(open.map(|from| Window { from, to: None }));
    all
}

/// Follows the pages of a window whose records come newest first, to leave it when it holds much.
#[derive(Clone, Debug)]
pub(crate) struct Descent {
    window: Window,
    lowest: Option<Cursor>,
    is_in_order: bool,
    pages: u64,
}

impl Descent {
    pub(crate) fn new(window: &Window) -> Descent {
        Descent { window: window.clone(), lowest: None, is_in_order: true, pages: 0 }
    }

    /// Takes the next record's cursor.
    pub(crate) fn see(&mut self, cursor: &Cursor) {
        self.is_in_order &= self.lowest.as_ref().is_none_or(|lowest| cursor <= lowest);
        self.lowest = Some(cursor.clone());
    }

    /// Ends a page; the value before which the rest of the window is left to others, if it is: behind
    /// the last one, of which there may be more.
    pub(crate) fn end_page(&mut self) -> Option<Cursor> {
        self.pages += 1;
        let lowest = self.lowest.as_ref().filter(|_| self.is_in_order)?;
        let before = shifted(lowest, TimeDelta::seconds(1));
        // All of one second stays in one window.
        let is_part = self.window.from.as_ref() < Some(lowest)
            && self.window.to.as_ref().is_none_or(|to| before < *to);
        (self.pages >= MOST_PAGES && is_part).then_some(before)
    }
}

/// Hands out the windows of one partition.
#[derive(Debug)]
pub(crate) struct Windows {
    missing: VecDeque<Window>,
    size: TimeDelta,
    now: Cursor,
    /// They are whole intervals of this size, and none is read before it is over.
    are_whole: bool,
    /// Those that hold much are left, see [`Descent`]; none needs to shrink for that.
    are_left: bool,
    /// Windows that are being read.
    reading: usize,
    has_failed: bool,
}

impl Windows {
    /// Windows over what is `missing`, the first of this size, on a day when the key's value is
    /// `now`.
    pub(crate) fn new(missing: Vec<Window>, size: Duration, now: Cursor) -> Windows {
        let size =
            TimeDelta::from_std(size).unwrap_or(LONGEST).clamp(TimeDelta::seconds(1), LONGEST);
        let missing = missing.into();
        let (are_whole, are_left, has_failed) = (false, false, false);
        Windows { missing, size, now, are_whole, are_left, reading: 0, has_failed }
    }

    /// The same where those that hold much are left.
    pub(crate) fn left(self) -> Windows {
        Windows { are_left: true, ..self }
    }

    /// Whole intervals of this size over what is `missing`, up to the last that is over at `now`.
    pub(crate) fn whole(missing: Vec<Window>, size: Duration, now: Cursor) -> Windows {
        Windows { are_whole: true, ..Windows::new(missing, size, now) }
    }

    /// The next window to read.
    pub(crate) fn take(&mut self) -> Option<Window> {
        if self.are_whole {
            return self.take_whole();
        }
        let missing = self.missing.front_mut()?;
        let to = shifted(&beginning(missing, &self.now), self.size);
        let is_last = match &missing.to {
            Some(end) => to >= *end,
            None => to >= self.now,
        };
        self.reading += 1;
        if is_last {
            return self.missing.pop_front();
        }
        let window = Window { from: missing.from.replace(to.clone()), to: Some(to) };
        Some(window)
    }

    /// The next interval that is over. Intervals end where whole ones do; the first of what is missing begins
    /// where that does, and the last ends with it.
    fn take_whole(&mut self) -> Option<Window> {
        let missing = self.missing.front_mut()?;
        let whole = floored(&beginning(missing, &self.now), self.size);
        let to = missing.to.clone().into_iter().chain([shifted(&whole, self.size)]).min()?;
        if to > self.now {
            self.missing.clear();
            return None;
        }
        let from = missing.from.clone();
        match &missing.to {
            Some(end) if to >= *end => drop(self.missing.pop_front()),
            _ => missing.from = Some(to.clone()),
        }
        self.reading += 1;
        Some(Window { from, to: Some(to) })
    }

    /// Books that a window was read, which took so many pages and held so many records.
    pub(crate) fn read(&mut self, pages: u64, records: u64) {
        self.reading -= 1;
        if self.are_whole {
            return;
        }
        let grown = match (records, pages) {
            (0, _) => 4,
            (_, ..FEW_PAGES) => 2,
            _ => 1,
        };
        self.size = if pages > MANY_PAGES && !self.are_left {
            (self.size / 2).max(TimeDelta::seconds(1))
        } else {
            self.size.checked_mul(grown).unwrap_or(self.size).min(LONGEST)
        };
    }

    /// Takes back the beginning of a window, of which the rest was read and holds as much as a window
    /// should.
    pub(crate) fn leave(&mut self, window: &Window, before: &Cursor) {
        self.reading -= 1;
        if self.has_failed {
            return;
        }
        let end = window.to.as_ref().unwrap_or(&self.now);
        self.size = distance(before, end).max(TimeDelta::seconds(1));
        self.missing.push_front(Window { from: window.from.clone(), to: Some(before.clone()) });
    }

    /// Takes back a window that holds too much, to be read in halves.
    ///
    /// Returns whether it can be halved.
    pub(crate) fn halve(&mut self, window: &Window) -> bool {
        if self.has_failed {
            return false;
        }
        let end = window.to.clone().unwrap_or_else(|| self.now.clone());
        let beginning = beginning(window, &self.now);
        let Some(middle) = middle(&beginning, &end) else { return false };
        self.reading -= 1;
        // The next ones hold as much, most likely.
        self.size = (self.size / 2).min(distance(&beginning, &middle)).max(TimeDelta::seconds(1));
        let second = Window { from: Some(middle.clone()), to: window.to.clone() };
        self.missing.push_front(second);
        self.missing.push_front(Window { from: window.from.clone(), to: Some(middle) });
        true
    }

    /// Gives up the rest, since a window cannot be read; true the first time.
    pub(crate) fn give_up(&mut self) -> bool {
        self.missing.clear();
        !std::mem::replace(&mut self.has_failed, true)
    }

    /// Whether every window was read.
    pub(crate) fn are_read(&self) -> bool {
        self.missing.is_empty() && self.reading == 0 && !self.has_failed
    }
}

/// An instant, moved so far, in whole seconds; other values as they are.
fn whole(cursor: &Cursor, up: TimeDelta) -> String {
    match shifted(cursor, up) {
        Cursor::Instant(at) => Cursor::Instant(at.with_nanosecond(0).unwrap_or(at)).to_string(),
        _ => cursor.to_string(),
    }
}

/// Where a window begins, for the size of it.
fn beginning(window: &Window, now: &Cursor) -> Cursor {
    window.from.clone().unwrap_or_else(|| match now {
        Cursor::Integer(_) => Cursor::Integer(EARLIEST),
        _ => Cursor::Instant(DateTime::from_timestamp(EARLIEST, 0).unwrap_or_default()),
    })
}

/// The last value at or before this one that lies so many whole sizes after the beginning of 1970.
fn floored(cursor: &Cursor, size: TimeDelta) -> Cursor {
    let start = cursor_at(cursor.kind(), DateTime::UNIX_EPOCH);
    let seconds = start.map_or(0, |start| distance(&start, cursor).num_seconds());
    let over = TimeDelta::seconds(seconds.rem_euclid(size.num_seconds().max(1)));
    match shifted(cursor, -over) {
        Cursor::Instant(at) => Cursor::Instant(at.with_nanosecond(0).unwrap_or(at)),
        cursor => cursor,
    }
}

/// A whole second between two values, if there is one.
fn middle(from: &Cursor, to: &Cursor) -> Option<Cursor> {
    let seconds = distance(from, to).num_seconds();
    (seconds >= 2).then(|| shifted(from, TimeDelta::seconds(seconds / 2)))
}

/// How far it is from one value to another; texts are no time apart.
fn distance(from: &Cursor, to: &Cursor) -> TimeDelta {
    match (from, to) {
        (Cursor::Instant(from), Cursor::Instant(to)) => *to - *from,
        (Cursor::Integer(from), Cursor::Integer(to)) => TimeDelta::seconds(to - from),
        _ => TimeDelta::zero(),
    }
}

#[cfg(test)]
mod tests;
