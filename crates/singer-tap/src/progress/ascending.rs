//! Records in ascending order: the bookmark moves with every page.

use singer_protocol::Cursor;

use super::Progress;
use super::bounds::Bounds;

/// The way up.
#[derive(Clone, Debug)]
pub(crate) struct Ascending {
    pub(super) bounds: Bounds,
    /// The highest value that was seen, wanted or not.
    seen: Option<Cursor>,
    /// The highest value that was wanted.
    highest: Option<Cursor>,
    sorted: bool,
}

impl Ascending {
    pub(super) fn new(bounds: Bounds) -> Ascending {
        Ascending { bounds, seen: None, highest: None, sorted: true }
    }

    pub(super) fn see(&mut self, cursor: &Cursor) -> bool {
        match &self.seen {
            Some(seen) if cursor < seen => self.sorted = false,
            _ => self.seen = Some(cursor.clone()),
        }
        let is_wanted = self.bounds.hold(cursor);
        if is_wanted && self.highest.as_ref().is_none_or(|highest| cursor > highest) {
            self.highest = Some(cursor.clone());
        }
        is_wanted
    }

    pub(super) fn end_page(&self) -> Option<Progress> {
        if self.sorted { self.finish() } else { None }
    }

    pub(super) fn finish(&self) -> Option<Progress> {
        self.bounds.advance(self.highest.as_ref())
    }

    pub(super) fn is_done_early(&self) -> bool {
        self.sorted && self.seen.as_ref().is_some_and(|seen| self.bounds.are_below(seen))
    }

    pub(super) fn kept_order(&self) -> bool {
        self.sorted
    }

    pub(super) fn last(&self) -> Option<&Cursor> {
        self.seen.as_ref().filter(|_| self.sorted)
    }
}
