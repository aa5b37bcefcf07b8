//! What a page means for the bookmark: pure, per partition, in the order of the records.

mod ascending;
mod bounds;
mod descending;
mod span;
mod whole;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use singer_protocol::{Cursor, Interval, Intervals, Keep, PartitionKey};

use crate::replication::Since;
use crate::window::Window;

use ascending::Ascending;
use bounds::Bounds;
use descending::Descending;
use span::Span;
use whole::Whole;

/// What a batch of records allows the state to say, once its bytes are out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Progress {
    /// Everything up to this value has been read.
    Advance(Cursor),
    /// Everything within this interval has been read.
    Cover(Interval),
    /// Nothing of the list is read yet, and changes are wanted from this instant on.
    Begun(DateTime<Utc>),
    /// Every change before this instant has been read.
    Events(DateTime<Utc>),
    /// This partition could not be read; the bookmark passes it, and the next run tries it first.
    Failed(PartitionKey, Map<String, Value>),
    /// This partition was read after all.
    Settled(PartitionKey),
}

/// Where a partition starts and ends, for one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    /// The stored bookmark: coverage begins here, and a value never goes below it.
    pub(crate) bookmark: Option<Cursor>,
    /// Where what the bookmark speaks of begins; none: at the beginning of everything.
    pub(crate) origin: Option<Cursor>,
    /// Where reading begins: the bookmark less lookback, or the start date.
    pub(crate) floor: Option<Cursor>,
    /// The start date, as a value of the key.
    pub(crate) start_date: Option<Cursor>,
    /// The end date, as a value of the key: from there on nothing is wanted.
    pub(crate) ceiling: Option<Cursor>,
    /// Intervals that earlier runs have read.
    pub(crate) covered: Intervals,
    /// What there is to read of a stream that is read in windows.
    pub(crate) wanted: Vec<Window>,
}

/// Follows the cursors of one partition's records and tells what is safe to store.
///
/// Invariant: no progress ever covers a record that was not handed out before it.
#[derive(Clone, Debug)]
pub(crate) enum Tracker {
    Ascending(Ascending),
    Descending(Descending),
    Whole(Whole),
    Span(Span),
    /// Whatever comes is wanted from this value on, and its keys say nothing of how far it was read.
    Every(Option<Cursor>),
}

impl Tracker {
    /// Follows a scan by `since` that begins at `scanned_from`, for a stream that begins at
    /// `start`; `window` is what of it is read, if it is read in windows.
    pub(crate) fn new(
        since: Since,
        start: Start,
        scanned_from: Option<&Cursor>,
        window: Option<&Window>,
    ) -> Tracker {
        // Where the server filters, its own rule decides which records belong to the answer: they
        // are filtered again only when the scan begins lower than the stream does.
        let from_lower = start.floor.as_ref() > scanned_from;
        let floor = match since {
            Since::StopAt | Since::Scan => start.floor,
            // What is missing may lie below the bookmark, where reading once began too late.
            Since::Window { .. } | Since::Windows { .. } | Since::Intervals { .. } => None,
            // Both bounds are inclusive there: what lies on one belongs to the next window alone.
            Since::Range { .. } => window.and_then(|window| window.from.clone()),
            // A change need not move the key, so only what was never wanted is left out.
            Since::Reread => start.start_date,
            Since::Param(_) | Since::UnorderedParam(_) => start.floor.filter(|_| from_lower),
        };
        let ceiling = match (since, window.and_then(|window| window.to.as_ref())) {
            (Since::Range { .. }, Some(to)) => start.ceiling.into_iter().chain([to.clone()]).min(),
            _ => start.ceiling,
        };
        let bounds =
            Bounds { floor, ceiling, bookmark: start.bookmark, origin: start.origin, cap: None };
        match (since, window) {
            (_, Some(window)) => Tracker::Span(Span::new(bounds, window.clone(), start.wanted)),
            (Since::Param(_), None) => Tracker::Ascending(Ascending::new(bounds)),
            (Since::StopAt, None) => Tracker::Descending(Descending::new(bounds, start.covered)),
            _ => Tracker::Whole(Whole::new(bounds)),
        }
    }

    /// Fixes the highest bookmark of this scan, from the server's clock at its first page.
    pub(crate) fn cap_at(&mut self, cap: Cursor) {
        if let Some(bounds) = self.bounds() {
            bounds.cap.get_or_insert(cap);
        }
    }

    /// Takes the next record's cursor; tells whether the record is to be emitted.
    pub(crate) fn see(&mut self, cursor: &Cursor) -> Keep {
        let emits = match self {
            Tracker::Ascending(it) => it.see(cursor),
            Tracker::Descending(it) => it.see(cursor),
            Tracker::Whole(it) => it.see(cursor),
            Tracker::Span(it) => it.see(cursor),
            Tracker::Every(floor) => floor.as_ref().is_none_or(|floor| cursor >= floor),
        };
        if emits { Keep::Emit } else { Keep::Drop }
    }

    /// The same of a record of which another field may tell when it changed: one that was read as it
    /// is, is not emitted again.
    pub(crate) fn see_changed(&mut self, cursor: &Cursor, changed: Option<&Cursor>) -> Keep {
        let keep = self.see(cursor);
        let is_known = changed.zip(self.bounds()).is_some_and(|(at, it)| it.know(cursor, at));
        if is_known { Keep::Drop } else { keep }
    }

    /// Leaves what lies before a value to other windows, if it is a window that is followed.
    pub(crate) fn leave(&mut self, before: &Cursor) {
        if let Tracker::Span(span) = self {
            span.leave(before);
        }
    }

    /// Whether from here on records of a window come in ascending order.
    pub(crate) fn ascend(&mut self, ascends: bool) {
        if let Tracker::Span(span) = self {
            span.ascend(ascends);
        }
    }

    /// Ends a page.
    pub(crate) fn end_page(&mut self) -> Option<Progress> {
        match self {
            Tracker::Ascending(it) => it.end_page(),
            Tracker::Descending(it) => it.end_page(),
            Tracker::Span(it) => it.end_page(),
            Tracker::Whole(_) | Tracker::Every(_) => None,
        }
    }

    /// Ends the partition, which was read to its end.
    pub(crate) fn finish(&mut self) -> Option<Progress> {
        match self {
            Tracker::Ascending(it) => it.finish(),
            Tracker::Descending(it) => it.finish(),
            Tracker::Whole(it) => it.finish(),
            Tracker::Span(it) => it.finish(),
            Tracker::Every(_) => None,
        }
    }

    /// Whether nothing from here on is wanted.
    pub(crate) fn is_done_early(&self) -> bool {
        match self {
            Tracker::Ascending(it) => it.is_done_early(),
            Tracker::Descending(it) => it.is_done_early(),
            Tracker::Whole(_) | Tracker::Span(_) | Tracker::Every(_) => false,
        }
    }

    /// Whether the records kept the order that the stream declares.
    pub(crate) fn kept_order(&self) -> bool {
        match self {
            Tracker::Ascending(it) => it.kept_order(),
            Tracker::Descending(it) => it.kept_order(),
            Tracker::Span(it) => it.kept_order(),
            Tracker::Whole(_) | Tracker::Every(_) => true,
        }
    }

    /// How far records of a window have come in ascending order, and whether the last one has that value.
    pub(crate) fn last_in_order(&self) -> Option<(&Cursor, bool)> {
        match self {
            Tracker::Span(it) => it.last_in_order(),
            _ => None,
        }
    }

    /// Where an ascending list may be taken up again: its last cursor, while the order was kept.
    pub(crate) fn last(&self) -> Option<&Cursor> {
        match self {
            Tracker::Ascending(it) => it.last(),
            _ => None,
        }
    }

    /// The last value that earlier runs have read, unless this one has come to it, newest first.
    pub(crate) fn unreached(&self) -> Option<&Cursor> {
        match self {
            Tracker::Descending(it) => it.unreached(),
            // A window reaches as far as it is asked for.
            Tracker::Span(it) => it.resumed_from(),
            _ => None,
        }
    }

    fn bounds(&mut self) -> Option<&mut Bounds> {
        Some(match self {
            Tracker::Ascending(it) => &mut it.bounds,
            Tracker::Descending(it) => &mut it.bounds,
            Tracker::Whole(it) => &mut it.bounds,
            Tracker::Span(it) => &mut it.bounds,
            Tracker::Every(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests;
