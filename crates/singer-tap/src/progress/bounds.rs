//! What of a stream's order is wanted, and how far its bookmark may go.

use singer_protocol::Cursor;

use super::Progress;

/// The bounds of one scan.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    /// Records below are not wanted; none: all are.
    pub(super) floor: Option<Cursor>,
    /// Records from here on are not wanted.
    pub(super) ceiling: Option<Cursor>,
    /// The stored bookmark.
    pub(super) bookmark: Option<Cursor>,
    /// Where what it speaks of begins.
    pub(super) origin: Option<Cursor>,
    /// Server time less lag: no bookmark goes beyond.
    pub(super) cap: Option<Cursor>,
}

impl Bounds {
    pub(super) fn hold(&self, cursor: &Cursor) -> bool {
        !self.are_above(cursor) && !self.are_below(cursor)
    }

    /// Whether all that is wanted lies above.
    pub(super) fn are_above(&self, cursor: &Cursor) -> bool {
        self.floor.as_ref().is_some_and(|floor| cursor < floor)
    }

    /// Whether all that is wanted lies below.
    pub(super) fn are_below(&self, cursor: &Cursor) -> bool {
        self.ceiling.as_ref().is_some_and(|ceiling| cursor >= ceiling)
    }

    /// Whether a record was read as it is, which changed at `changed` for the last time: the bookmark
    /// is no later than when it was read.
    pub(super) fn know(&self, cursor: &Cursor, changed: &Cursor) -> bool {
        let was_read =
            |bookmark: &Cursor| cursor < bookmark && self.origin.as_ref() <= Some(cursor);
        self.bookmark.as_ref().is_some_and(|bookmark| was_read(bookmark) && changed < bookmark)
    }

    /// The value, or the highest that a bookmark may have.
    pub(super) fn capped(&self, value: Cursor) -> Cursor {
        let limits = [&self.cap, &self.ceiling].into_iter().flatten();
        limits.fold(value, |value, limit| value.min(limit.clone()))
    }

    /// Up to `highest` all is read.
    pub(super) fn advance(&self, highest: Option<&Cursor>) -> Option<Progress> {
        let value = self.capped(highest?.clone());
        let is_news = self.bookmark.as_ref().is_none_or(|bookmark| value > *bookmark);
        is_news.then_some(Progress::Advance(value))
    }
}
