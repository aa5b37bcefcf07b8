//! Records in no order: the bookmark moves when all are read.

use singer_protocol::Cursor;

use super::Progress;
use super::bounds::Bounds;

/// The highest of all.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(super) bounds: Bounds,
    highest: Option<Cursor>,
}

impl Whole {
    pub(super) fn new(bounds: Bounds) -> Whole {
        Whole { bounds, highest: None }
    }

    pub(super) fn see(&mut self, cursor: &Cursor) -> bool {
        let is_wanted = self.bounds.hold(cursor);
        if is_wanted && self.highest.as_ref().is_none_or(|highest| cursor > highest) {
            self.highest = Some(cursor.clone());
        }
        is_wanted
    }

    pub(super) fn finish(&self) -> Option<Progress> {
        self.bounds.advance(self.highest.as_ref())
    }
}
