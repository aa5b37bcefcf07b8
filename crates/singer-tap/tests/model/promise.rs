//! What the engine promises of a row, by what its stream declares.

use crate::case::{Key, List, Tree};
use crate::output::Marks;
use crate::world::{Place, Row, World};

impl World {
    /// Whether a row must not be missed: it came in time, and nobody asked to leave it out.
    pub(crate) fn is_promised(&self, row: &Row) -> bool {
        let above = self.parent(row.place);
        let is_reached = above.is_none_or(|parent| match self.shape.tree {
            Tree::Followers(_) => self.is_in_time(parent) && self.is_asked_for(parent),
            // A parent that is scanned is scanned whole, but for windows.
            _ => self.shape.parents != List::Window || self.is_asked_for(parent),
        });
        is_reached && self.is_in_time(row) && self.is_asked_for(row)
    }

    /// Whether the user's dates let this run read a row.
    pub(crate) fn is_before_end(&self, row: &Row) -> bool {
        let is_before = |row: &Row| self.end_date.is_none_or(|end| row.at < end);
        let has_key = |place| !matches!(self.list(place), List::Full | List::FullNumbered);
        let above = self.parent(row.place).filter(|_| has_key(Place::Parents));
        (!has_key(row.place) || is_before(row)) && above.is_none_or(is_before)
    }

    /// Whether a list's bookmark keeps the next run from reading below it.
    pub(crate) fn is_filtered(&self, place: Place) -> bool {
        !matches!(self.list(place), List::Reread | List::Full | List::FullNumbered)
    }

    /// Whether a STATE keeps the next run from reading a row.
    pub(crate) fn covers(&self, marks: &Marks, row: &Row) -> bool {
        match self.parent(row.place).filter(|_| self.follows()) {
            Some(parent) => marks.get(&Place::Rows(None)).is_some_and(|mark| {
                let value = self.value(parent.at);
                mark.covers(value, self.lookback(Place::Parents))
                    && !mark.pending.contains(&parent.id)
            }),
            None => {
                let mark = marks.get(&row.place).filter(|_| self.is_filtered(row.place));
                mark.is_some_and(|mark| mark.covers(self.value(row.at), self.lookback(row.place)))
            }
        }
    }

    /// Whether rows are read for the parents that changed.
    pub(crate) fn follows(&self) -> bool {
        matches!(self.shape.tree, Tree::Followers(_))
    }

    /// Lookback, as a distance between values.
    fn lookback(&self, place: Place) -> i64 {
        let ticks = if self.tells_time(place) { self.shape.lookback } else { 0 };
        self.value(ticks) - self.value(0)
    }

    fn tells_time(&self, place: Place) -> bool {
        self.shape.key == Key::Instant || self.list(place) == List::Window
    }

    fn is_in_time(&self, row: &Row) -> bool {
        let patience =
            if self.tells_time(row.place) { self.shape.lag + self.shape.lookback } else { 0 };
        !self.is_filtered(row.place) || row.changed - row.at <= patience
    }

    fn is_asked_for(&self, row: &Row) -> bool {
        let start = match self.list(row.place) {
            List::Full | List::FullNumbered => None,
            // These read what an earlier start adds.
            List::Window | List::Reread => self.start_date,
            _ => self.latest_start,
        };
        start.filter(|_| self.tells_time(row.place)).is_none_or(|start| row.at >= start)
    }
}
