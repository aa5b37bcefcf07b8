//! The rows of one object: a few numbers each, from which the records follow.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

/// What is kept of a record; everything else follows from the seed and these numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Seconds of the epoch.
    pub(super) created: u32,
    /// When a user last changed it, in seconds of the epoch.
    pub(super) modified: u32,
    /// When anything last changed it, in seconds of the epoch.
    pub(super) stamp: u32,
    /// When it was deleted, in seconds of the epoch; 0 while it is not.
    pub(super) gone: u32,
    /// From when on queries see it as it is here, in seconds of the epoch.
    pub(super) shown: u32,
    /// How often it was changed after it was made.
    pub(super) version: u16,
    /// Whether it has left the recycle bin, too.
    pub(super) is_purged: bool,
}

impl Row {
    /// A row that was made at an instant and never changed.
    pub(super) fn made(time: u32) -> Self {
        Self { created: time, modified: time, stamp: time, shown: time, ..Self::default() }
    }

    /// Whether it is in the recycle bin, or was.
    pub(super) fn is_deleted(&self) -> bool {
        self.gone > 0
    }
}

/// All rows of an object. The number of a row is its position, and its id follows from it.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    /// Numbers of rows by time of change.
    order: BTreeSet<(u32, u32)>,
    /// Rows as queries still see them, of those whose last change is not shown yet.
    before: HashMap<u32, Row>,
}

impl Table {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let mut order: Vec<(u32, u32)> =
            (0..).zip(&rows).map(|(number, row)| (row.stamp, number)).collect();
        order.sort_unstable();
        Self { rows, order: order.into_iter().collect(), before: HashMap::new() }
    }

    /// How many rows there ever were.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.rows.len()).expect("the options allow fewer rows")
    }

    /// A row as queries see it; `None` if they do not, or if it was purged.
    pub(super) fn get(&self, number: u32, now: u32) -> Option<Row> {
        let row = self.rows.get(number as usize)?;
        if row.is_purged {
            return None;
        }
        if row.shown <= now {
            return Some(*row);
        }
        self.before.get(&number).filter(|row| row.shown <= now).copied()
    }

    /// A row as it really is.
    pub(super) fn latest(&self, number: u32) -> Option<Row> {
        self.rows.get(number as usize).copied()
    }

    /// All rows that queries see, by number.
    pub(super) fn rows(&self, now: u32) -> impl Iterator<Item = (u32, Row)> {
        (0..self.len()).filter_map(move |number| Some((number, self.get(number, now)?)))
    }

    /// The rows that queries see whose last change is in a range of time, by it and by number.
    pub(super) fn changed(
        &self,
        range: RangeInclusive<u32>,
        now: u32,
    ) -> impl Iterator<Item = (u32, Row)> {
        let (first, last) = (*range.start(), *range.end());
        let is_empty = first > last;
        let places =
            if is_empty { (1, 0)..(1, 0) } else { (first, 0)..(last.saturating_add(1), 0) };
        let mut early: Vec<(u32, u32)> = self
            .before
            .keys()
            .filter_map(|number| Some((self.get(*number, now)?.stamp, *number)))
            .filter(|(stamp, number)| {
                range.contains(stamp) && !self.order.contains(&(*stamp, *number))
            })
            .collect();
        early.sort_unstable();
        let (mut early, mut rest) =
            (early.into_iter().peekable(), self.order.range(places).peekable());
        let next = move || match (early.peek(), rest.peek()) {
            (Some(one), Some(other)) if one < other => early.next(),
            (Some(_), None) => early.next(),
            _ => rest.next().copied(),
        };
        std::iter::from_fn(next).filter_map(move |(stamp, number)| {
            let row = self.get(number, now).filter(|row| row.stamp == stamp)?;
            Some((number, row))
        })
    }

    /// Adds a row, and gives its number.
    pub(super) fn push(&mut self, row: Row) -> u32 {
        let number = self.len();
        self.rows.push(row);
        self.order.insert((row.stamp, number));
        number
    }

    /// Puts a row in place of the one of its number; until it is shown, queries see what they saw.
    pub(super) fn put(&mut self, number: u32, row: Row, now: u32) {
        let seen = self.get(number, now).filter(|_| row.shown > now);
        match seen {
            Some(seen) => self.before.insert(number, seen),
            None => self.before.remove(&number),
        };
        let place = &mut self.rows[number as usize];
        self.order.remove(&(place.stamp, number));
        self.order.insert((row.stamp, number));
        *place = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stamp: u32) -> Row {
        Row::made(stamp)
    }

    #[test]
    fn a_row_is_small_as_there_may_be_millions() {
        assert!(size_of::<Row>() <= 24);
    }

    #[test]
    fn rows_come_by_their_change_and_then_by_number() {
        let mut table = Table::new(vec![row(30), row(10), row(30)]);
        let numbers = |table: &Table, range, now| -> Vec<u32> {
            table.changed(range, now).map(|(number, _)| number).collect()
        };
        assert_eq!(numbers(&table, 0..=u32::MAX, 50), [1, 0, 2]);
        assert_eq!(numbers(&table, 11..=30, 50), [0, 2]);
        table.put(0, row(40), 50);
        assert_eq!(numbers(&table, 0..=40, 50), [1, 2, 0]);
        table.put(1, Row { is_purged: true, ..row(10) }, 50);
        assert_eq!(numbers(&table, 0..=40, 50), [2, 0]);
    }

    #[test]
    fn a_late_change_leaves_what_was_seen_until_it_is_shown() {
        let mut table = Table::new(vec![row(10), row(20)]);
        table.put(0, Row { shown: 90, ..row(50) }, 50);
        assert_eq!(table.push(Row { shown: 70, ..row(50) }), 2);
        for (now, seen) in [
            (50, vec![(0, 10), (1, 20)]),
            (70, vec![(0, 10), (1, 20), (2, 50)]),
            (90, vec![(1, 20), (0, 50), (2, 50)]),
        ] {
            let changed = table.changed(0..=100, now).map(|(number, row)| (number, row.stamp));
            assert_eq!(changed.collect::<Vec<_>>(), seen, "at {now}");
        }
        assert_eq!(table.rows(60).count(), 2);
    }
}
