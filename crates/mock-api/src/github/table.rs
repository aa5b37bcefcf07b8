//! The rows of one list of one repository: a few numbers each, and sorted views of them.

use std::sync::OnceLock;

/// What is kept of a row; everything else follows from the seed and these numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// Counted from 1 in the order of creation, never used again.
    pub(crate) number: u32,
    /// The number of the issue that a comment belongs to.
    pub(crate) parent: u32,
    /// Seconds of the epoch.
    pub(crate) created: u32,
    /// Seconds of the epoch.
    pub(crate) updated: u32,
    /// Seconds of the epoch; 0 while it is open.
    pub(crate) closed: u32,
    /// How often it was changed after it was made.
    pub(crate) version: u16,
    /// Comments of an issue.
    pub(crate) comments: u16,
    /// Whether an issue is a pull request.
    pub(crate) pull: bool,
}

impl Row {
    /// `open` or `closed`.
    pub(crate) fn state(&self) -> &'static str {
        if self.closed == 0 { "open" } else { "closed" }
    }
}

/// What a list can be sorted by; rows of the same value are sorted by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Created,
    Updated,
    Comments,
    Parent,
}

impl Order {
    /// The value that rows are sorted by.
    pub(crate) fn value(self, row: &Row) -> u64 {
        match self {
            Order::Created => row.created.into(),
            Order::Updated => row.updated.into(),
            Order::Comments => row.comments.into(),
            Order::Parent => row.parent.into(),
        }
    }
}

/// A list of rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    next: u32,
    views: [OnceLock<Vec<u32>>; 4],
}

impl Table {
    /// A table of rows whose numbers ascend.
    pub(crate) fn new(rows: Vec<Row>) -> Self {
        let next = rows.last().map_or(1, |row| row.number + 1);
        Self { rows, next, views: Default::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All rows, in the order of creation.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The number that the next new row will have.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    pub(crate) fn find(&self, number: u32) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(at)
    }

    /// Positions of the rows in an ascending order.
    pub(crate) fn view(&self, order: Order) -> &[u32] {
        self.views[order as usize].get_or_init(|| {
            let count = u32::try_from(self.rows.len()).expect("`MAX_ROWS` is below 2^32");
            let mut view: Vec<u32> = (0..count).collect();
            // The sort is stable, so that equal values stay in the order of their numbers.
            view.sort_by_key(|&at| order.value(&self.rows[at as usize]));
            view
        })
    }

    /// Adds a row under the next number.
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(Row { number: self.next, ..row });
        self.next += 1;
        self.views = Default::default();
    }

    /// Changes rows in place.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut [Row])) {
        change(&mut self.rows);
        self.views = Default::default();
    }

    /// Removes the rows for which `gone` is true.
    pub(crate) fn remove(&mut self, gone: impl Fn(&Row) -> bool) {
        self.rows.retain(|row| !gone(row));
        self.views = Default::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |number, updated| Row { number, updated, ..Row::default() };
        Table::new(vec![row(1, 30), row(2, 10), row(3, 30), row(4, 20)])
    }

    #[test]
    fn a_view_is_sorted_and_ties_keep_the_order_of_numbers() {
        assert_eq!(table().view(Order::Updated), [1, 3, 0, 2]);
    }

    #[test]
    fn a_change_makes_the_views_anew_and_numbers_are_never_used_again() {
        let mut table = table();
        table.view(Order::Updated);
        table.remove(|row| row.number == 4);
        table.push(Row { updated: 5, ..Row::default() });
        assert_eq!(table.rows().last().unwrap().number, 5);
        assert_eq!(table.view(Order::Updated), [3, 1, 0, 2]);
        assert!(table.find(4).is_none());
    }
}
