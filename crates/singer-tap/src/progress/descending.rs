//! Records newest first: what lies between the first page and the last is covered.

use singer_protocol::{Cursor, Interval, Intervals};

use super::Progress;
use super::bounds::Bounds;

/// The way down.
#[derive(Clone, Debug)]
pub(crate) struct Descending {
    pub(super) bounds: Bounds,
    /// What earlier runs have read above the bookmark.
    covered: Intervals,
    /// The end of what this scan covers: the highest value of its first page, capped.
    upper: Option<Cursor>,
    highest: Option<Cursor>,
    /// The lowest value so far; more of it may follow.
    lowest: Option<Cursor>,
    /// The value above it: all of that has been seen.
    above_lowest: Option<Cursor>,
    /// The record before, on the same page.
    last: Option<Cursor>,
    /// The highest values of the page being read and of the one before.
    page_high: Option<Cursor>,
    previous_high: Option<Cursor>,
    /// A record below the floor was seen.
    reached_floor: bool,
    sorted: bool,
}

impl Descending {
    pub(super) fn new(bounds: Bounds, covered: Intervals) -> Descending {
        Descending {
            bounds,
            covered,
            upper: None,
            highest: None,
            lowest: None,
            above_lowest: None,
            last: None,
            page_high: None,
            previous_high: None,
            reached_floor: false,
            sorted: true,
        }
    }

    pub(super) fn see(&mut self, cursor: &Cursor) -> bool {
        self.descend(cursor);
        if self.bounds.are_above(cursor) {
            self.reached_floor = true;
            return false;
        }
        if self.bounds.are_below(cursor) {
            return false;
        }
        if self.highest.as_ref().is_none_or(|highest| cursor > highest) {
            self.highest = Some(cursor.clone());
        }
        !self.covered.contains(cursor)
    }

    /// Rows that shift down between two pages come twice, in order: what breaks the promise is a
    /// record newer than the one before it on its page, or than the whole page before.
    fn descend(&mut self, cursor: &Cursor) {
        let limits = [&self.last, &self.previous_high];
        if limits.into_iter().flatten().any(|limit| cursor > limit) {
            self.sorted = false;
        }
        self.last = Some(cursor.clone());
        if self.page_high.as_ref().is_none_or(|high| cursor > high) {
            self.page_high = Some(cursor.clone());
        }
        if self.lowest.as_ref().is_none_or(|lowest| cursor < lowest) {
            self.above_lowest = self.lowest.replace(cursor.clone());
        }
    }

    pub(super) fn end_page(&mut self) -> Option<Progress> {
        if self.upper.is_none() {
            self.upper = self.highest.clone().map(|highest| self.bounds.capped(highest));
        }
        self.previous_high = self.page_high.take();
        self.last = None;
        let (above_lowest, end) = (self.above_lowest.clone()?, self.upper.clone()?);
        // What lies before the floor was seen, and not read.
        let start = self.bounds.floor.clone().max(Some(above_lowest));
        let is_some = self.sorted && start.as_ref() < Some(&end);
        is_some.then(|| Progress::Cover(Interval::new(start, end)))
    }

    pub(super) fn finish(&self) -> Option<Progress> {
        let end = self.upper.clone()?;
        // Without a bookmark the floor is the start date: nothing is said of what lies before.
        let start = self.bounds.bookmark.clone().or_else(|| self.bounds.floor.clone());
        (start.as_ref() < Some(&end)).then(|| Progress::Cover(Interval::new(start, end)))
    }

    pub(super) fn is_done_early(&self) -> bool {
        self.sorted && self.reached_floor
    }

    pub(super) fn unreached(&self) -> Option<&Cursor> {
        let covered = self.covered.as_slice().last().map(|interval| &interval.end);
        let known = self.bounds.bookmark.as_ref().max(covered)?;
        self.lowest.as_ref().is_none_or(|lowest| lowest > known).then_some(known)
    }

    pub(super) fn kept_order(&self) -> bool {
        self.sorted
    }
}
