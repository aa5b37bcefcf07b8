//! What a page means for the bookmark: pure, per partition, in the order of the records.

use singer_protocol::{Cursor, Interval, Intervals, Keep};

use crate::replication::Since;

/// What a batch of records allows the state to say, once its bytes are out.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Everything up to this value has been read.
    Advance(Cursor),
    /// Everything within this interval has been read.
    Cover(Interval),
}

/// Follows the cursors of one partition's records and tells what is safe to store.
///
/// Invariant: no progress ever covers a record that was not handed out before it.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    order: Order,
    /// Records below are not emitted; none: all are.
    floor: Option<Cursor>,
    /// The stored bookmark: coverage begins here, and a value never goes below it.
    bookmark: Option<Cursor>,
    /// What earlier runs have read above the bookmark.
    covered: Intervals,
    /// Server time less lag: no bookmark goes beyond.
    cap: Option<Cursor>,
    highest: Option<Cursor>,
    sorted: bool,
    descent: Descent,
}

/// In which order records come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Ascending,
    NewestFirst,
    None,
}

/// The way down of a newest-first scan.
#[derive(Clone, Debug, Default)]
struct Descent {
    /// The end of what this scan covers: the highest value of its first page, capped.
    upper: Option<Cursor>,
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
}

/// Where a partition starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    /// The stored bookmark.
    pub(crate) bookmark: Option<Cursor>,
    /// Where reading begins: the bookmark less lookback, or the start date.
    pub(crate) floor: Option<Cursor>,
    /// The start date, if the key is an instant.
    pub(crate) start_date: Option<Cursor>,
    /// Intervals that earlier runs have read.
    pub(crate) covered: Intervals,
}

impl Tracker {
    pub(crate) fn new(since: Since, start: Start) -> Tracker {
        let order = match since {
            Since::Param(_) => Order::Ascending,
            Since::StopAt => Order::NewestFirst,
            Since::UnorderedParam(_) | Since::Scan | Since::Reread => Order::None,
        };
        let floor = match since {
            Since::StopAt | Since::Scan => start.floor,
            // A change need not move the key, so only what was never wanted is left out.
            Since::Reread => start.start_date,
            // Where the server filters, its own rule decides which records belong to the answer.
            Since::Param(_) | Since::UnorderedParam(_) => None,
        };
        Tracker {
            order,
            floor,
            bookmark: start.bookmark,
            covered: start.covered,
            cap: None,
            highest: None,
            sorted: true,
            descent: Descent::default(),
        }
    }

    /// Fixes the highest bookmark of this scan, from the server's clock at its first page.
    pub(crate) fn cap_at(&mut self, cap: Cursor) {
        self.cap.get_or_insert(cap);
    }

    /// Takes the next record's cursor; tells whether the record is to be emitted.
    pub(crate) fn see(&mut self, cursor: &Cursor) -> Keep {
        match self.order {
            Order::Ascending => {
                if self.highest.as_ref().is_some_and(|highest| cursor < highest) {
                    self.sorted = false;
                }
            }
            Order::NewestFirst => self.descent.see(cursor, &mut self.sorted),
            Order::None => {}
        }
        if self.floor.as_ref().is_some_and(|floor| cursor < floor) {
            self.descent.reached_floor = true;
            return Keep::Drop;
        }
        if self.highest.as_ref().is_none_or(|highest| cursor > highest) {
            self.highest = Some(cursor.clone());
        }
        if self.order == Order::NewestFirst && self.covered.contains(cursor) {
            return Keep::Drop;
        }
        Keep::Emit
    }

    /// Ends a page.
    pub(crate) fn end_page(&mut self) -> Option<Progress> {
        match self.order {
            Order::Ascending if self.sorted => self.advance(),
            Order::NewestFirst => {
                if self.descent.upper.is_none() {
                    self.descent.upper = self.capped_highest();
                }
                self.descent.previous_high = self.descent.page_high.take();
                self.descent.last = None;
                if self.sorted { self.cover(self.descent.above_lowest.clone()?) } else { None }
            }
            _ => None,
        }
    }

    /// Whether everything from here on lies below where reading was to begin.
    pub(crate) fn is_done_early(&self) -> bool {
        self.order == Order::NewestFirst && self.sorted && self.descent.reached_floor
    }

    /// Whether the records kept the order that the stream declares.
    pub(crate) fn kept_order(&self) -> bool {
        self.sorted
    }

    /// Where an ascending list may be taken up again: its last cursor, while the order was kept.
    pub(crate) fn last(&self) -> Option<&Cursor> {
        self.highest.as_ref().filter(|_| self.sorted && self.order == Order::Ascending)
    }

    /// Ends the partition, which was read to its end.
    pub(crate) fn finish(&mut self) -> Option<Progress> {
        match self.order {
            Order::NewestFirst => {
                let end = self.descent.upper.clone()?;
                let is_news = self.bookmark.as_ref().is_none_or(|bookmark| *bookmark < end);
                is_news.then(|| Progress::Cover(Interval { start: self.bookmark.clone(), end }))
            }
            _ => self.advance(),
        }
    }

    fn advance(&self) -> Option<Progress> {
        let value = self.capped_highest()?;
        let is_news = self.bookmark.as_ref().is_none_or(|bookmark| value > *bookmark);
        is_news.then_some(Progress::Advance(value))
    }

    fn cover(&self, start: Cursor) -> Option<Progress> {
        let end = self.descent.upper.clone()?;
        (start < end).then_some(Progress::Cover(Interval { start: Some(start), end }))
    }

    fn capped_highest(&self) -> Option<Cursor> {
        let highest = self.highest.clone()?;
        Some(match &self.cap {
            Some(cap) if *cap < highest => cap.clone(),
            _ => highest,
        })
    }
}

impl Descent {
    fn see(&mut self, cursor: &Cursor, sorted: &mut bool) {
        // Rows that shift down between two pages come twice, in order: what breaks the promise is a
        // record newer than the one before it on its page, or than the whole page before.
        let limits = [&self.last, &self.previous_high];
        if limits.into_iter().flatten().any(|limit| cursor > limit) {
            *sorted = false;
        }
        self.last = Some(cursor.clone());
        if self.page_high.as_ref().is_none_or(|high| cursor > high) {
            self.page_high = Some(cursor.clone());
        }
        if self.lowest.as_ref().is_none_or(|lowest| cursor < lowest) {
            self.above_lowest = self.lowest.replace(cursor.clone());
        }
    }
}

#[cfg(test)]
mod tests;
