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
}

impl Span {
    pub(super) fn new(bounds: Bounds, window: Window, wanted: Vec<Window>) -> Span {
        Span { bounds, window, wanted }
    }

    pub(super) fn see(&self, cursor: &Cursor) -> bool {
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

    /// A window that ends in the future is covered up to now.
    pub(super) fn finish(&self) -> Option<Progress> {
        let end = match (&self.window.to, &self.bounds.cap) {
            (Some(to), _) => to,
            (None, Some(cap)) => cap,
            (None, None) => return None,
        };
        let end = self.bounds.capped(end.clone());
        let is_some = self.window.from.as_ref() < Some(&end);
        is_some.then(|| Progress::Cover(Interval::new(self.window.from.clone(), end)))
    }
}
