//! Records of a window, in any order: the window is covered when all are read.

use singer_protocol::{Cursor, Interval};

use super::Progress;
use super::bounds::Bounds;
use crate::window::Window;

/// One window of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(super) bounds: Bounds,
    window: Window,
    /// What of the stream's order is missing.
    wanted: Vec<Window>,
    /// How far records have come, where they come in ascending order.
    ascent: Option<Ascent>,
}

/// Records of a window in ascending order.
#[derive(Clone, Debug, Default)]
struct Ascent {
    last: Option<Cursor>,
    /// Whether that was the value of the last record that was seen.
    is_of_last: bool,
    is_broken: bool,
}

impl Span {
    pub(super) fn new(bounds: Bounds, window: Window, wanted: Vec<Window>) -> Span {
        Span { bounds, window, wanted, ascent: None }
    }

    /// Whether from here on records come in ascending order.
    pub(super) fn ascend(&mut self, ascends: bool) {
        self.ascent = ascends.then(Ascent::default);
    }

    pub(super) fn see(&mut self, cursor: &Cursor) -> bool {
        let is_within = self.end().is_some_and(|end| *cursor < end);
        if let Some(ascent) = &mut self.ascent {
            ascent.is_of_last = is_within;
            if is_within {
                ascent.is_broken |= ascent.last.as_ref().is_some_and(|last| cursor < last);
                ascent.last = Some(cursor.clone());
            }
        }
        self.bounds.hold(cursor) && self.wanted.iter().any(|gap| gap.contains(cursor))
    }

    /// The last value that earlier runs have read, if it is within the window.
    pub(super) fn resumed_from(&self) -> Option<&Cursor> {
        self.bounds.bookmark.as_ref().filter(|bookmark| self.window.contains(bookmark))
    }

    /// Leaves what lies before a value to other windows.
    pub(super) fn leave(&mut self, before: &Cursor) {
        self.window.from = Some(before.clone());
    }

    /// What lies before the last record of a page was read; there may be more with its value.
    pub(super) fn end_page(&self) -> Option<Progress> {
        let ascent = self.ascent.as_ref().filter(|ascent| !ascent.is_broken)?;
        self.cover(ascent.last.clone()?)
    }

    /// How far records have come in ascending order, and whether the last of them has that value: one that
    /// changed meanwhile has a later one.
    pub(super) fn last_in_order(&self) -> Option<(&Cursor, bool)> {
        let ascent = self.ascent.as_ref().filter(|ascent| !ascent.is_broken)?;
        Some((ascent.last.as_ref()?, ascent.is_of_last))
    }

    pub(super) fn kept_order(&self) -> bool {
        self.ascent.as_ref().is_none_or(|ascent| !ascent.is_broken)
    }

    pub(super) fn finish(&self) -> Option<Progress> {
        self.cover(self.end()?)
    }

    /// Where the window ends; one that ends in the future is covered up to now.
    fn end(&self) -> Option<Cursor> {
        let end = self.window.to.as_ref().or(self.bounds.cap.as_ref())?;
        Some(self.bounds.capped(end.clone()))
    }

    fn cover(&self, end: Cursor) -> Option<Progress> {
        let is_some = self.window.from.as_ref() < Some(&end);
        is_some.then(|| Progress::Cover(Interval::new(self.window.from.clone(), end)))
    }
}
