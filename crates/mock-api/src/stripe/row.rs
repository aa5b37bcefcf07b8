//! The rows of one list of one account: a few numbers each, from which the objects follow.

use std::collections::BTreeSet;

/// What is kept of an object; everything else follows from the seed and these numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1 in the order of making, never used again.
    pub(super) number: u32,
    /// The number of the object that it belongs to; 0 if it belongs to none.
    pub(super) parent: u32,
    /// Seconds of the epoch.
    pub(super) created: u32,
    /// When it came into its phase, in seconds of the epoch.
    pub(super) since: u32,
    /// When it was deleted, in seconds of the epoch; 0 while it is there.
    pub(super) gone: u32,
    /// How often it was changed after it was made.
    pub(super) version: u16,
    /// The first item of its list, counted from 1 in the order of making.
    pub(super) first: u16,
    /// The number that the next item of its list will have.
    pub(super) next: u16,
    /// How often the first item was changed.
    pub(super) edits: u16,
    /// Seconds from its making until lists show it.
    pub(super) delay: u16,
    /// Where it is in its life: a position in the phases of its resource.
    pub(super) phase: u8,
}

impl Row {
    /// Whether lists show it.
    pub(super) fn is_shown(&self, now: u32) -> bool {
        self.gone == 0 && self.created.saturating_add(self.delay.into()) <= now
    }
}

/// A list of rows by time and number; deleted ones stay, and are marked.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    /// Numbers of the rows that belong to an object, by its number.
    families: BTreeSet<(u32, u32)>,
    alive: usize,
}

impl Table {
    /// All rows, oldest first.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many rows are not deleted.
    pub(super) fn alive(&self) -> usize {
        self.alive
    }

    pub(super) fn get(&self, number: u32) -> Option<&Row> {
        self.rows.get((number as usize).checked_sub(1)?)
    }

    /// The rows that belong to an object, newest first.
    pub(super) fn family(&self, parent: u32) -> impl DoubleEndedIterator<Item = &Row> {
        let numbers = self.families.range((parent, 0)..=(parent, u32::MAX)).rev();
        numbers.filter_map(|(_, number)| self.get(*number))
    }

    /// Adds a row, which is not older than the last, and gives it the next number.
    pub(super) fn push(&mut self, row: Row) -> Row {
        let number = u32::try_from(self.rows.len() + 1).expect("`MAX_ROWS` is below 2^32");
        let row = Row { number, ..row };
        debug_assert!(self.rows.last().is_none_or(|last| last.created <= row.created));
        if row.parent > 0 {
            self.families.insert((row.parent, number));
        }
        self.rows.push(row);
        self.alive += 1;
        row
    }

    /// Puts a row in place of the one of its number.
    pub(super) fn put(&mut self, row: Row) {
        let at = row.number as usize - 1;
        self.alive -= usize::from(self.rows[at].gone == 0 && row.gone > 0);
        self.rows[at] = row;
    }

    /// A row that is not deleted and will do, at or, in a circle, after a position.
    pub(super) fn near(&self, position: usize, will_do: impl Fn(&Row) -> bool) -> Option<Row> {
        let (before, after) = self.rows.split_at(position.min(self.rows.len()));
        after.iter().chain(before).find(|row| row.gone == 0 && will_do(row)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_found_by_family_and_stay_when_they_are_deleted() {
        let mut table = Table::default();
        for parent in [7, 0, 7] {
            table.push(Row { parent, created: 5, ..Row::default() });
        }
        let numbers: Vec<u32> = table.family(7).map(|row| row.number).collect();
        assert_eq!(numbers, [3, 1]);
        table.put(Row { gone: 9, ..table.rows()[0] });
        assert_eq!((table.alive(), table.rows().len()), (2, 3));
        assert_eq!(table.near(0, |_| true).map(|row| row.number), Some(2));
        assert_eq!(table.get(4), None);
    }

    #[test]
    fn a_row_is_shown_when_its_delay_is_over_and_while_it_is_there() {
        let row = Row { created: 100, delay: 20, ..Row::default() };
        assert!(!row.is_shown(119) && row.is_shown(120));
        assert!(!Row { gone: 130, ..row }.is_shown(140));
    }
}
